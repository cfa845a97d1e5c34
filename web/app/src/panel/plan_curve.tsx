// What each further team adds: households in reach by the number of new teams, below what any plan could reach.
import type { PlanFragment } from '../api/documents'
import { useText } from '../text/text'
import { usePointedSite } from './plan_answer'

const [width, height] = [320, 110]

export function PlanCurve({ plan }: { plan: PlanFragment }) {
  const { t, number } = useText()
  const pointed = usePointedSite()
  const steps = [plan.coveredByExisting, ...plan.sites.map((site) => site.coveredSoFar)]
  const top = Math.max(plan.upperBound, 1)
  const x = (count: number) => (count / (steps.length - 1)) * width
  const y = (households: number) => height - (households / top) * (height - 6)
  const line = steps.map((households, count) => `${x(count).toFixed(1)},${y(households).toFixed(1)}`).join(' ')
  const at = steps[pointed]
  return (
    <figure className="curve">
      <figcaption>{t('plan.curve')}</figcaption>
      <svg viewBox={`-4 -4 ${width + 8} ${height + 8}`} role="img" aria-label={`${t('plan.curve')}: ${t('plan.existing')} ${number(plan.coveredByExisting)} → ${number(plan.covered)}; ${t('plan.upper')} ${number(plan.upperBound)}`}>
        <polygon points={`0,${height} ${line} ${width},${height}`} className="under" />
        {plan.coveredByExisting > 0 && <line x1="0" x2={width} y1={y(plan.coveredByExisting)} y2={y(plan.coveredByExisting)} className="existing" />}
        <line x1="0" x2={width} y1={y(top)} y2={y(top)} className="upper" />
        <polyline points={line} className="line" />
        {pointed > 0 && at !== undefined && <circle cx={x(pointed)} cy={y(at)} r="4" />}
      </svg>
      <p className="dim key">
        <span className="upper">{t('plan.upper')}: {number(plan.upperBound)}</span>
        {plan.coveredByExisting > 0 && <span className="existing">{t('plan.existing')}: {number(plan.coveredByExisting)}</span>}
      </p>
    </figure>
  )
}
