// What each further team adds: households in reach by the number of new teams, between what existing teams reach and what any plan could.
import type { PlanFragment } from '../api/documents'
import { useText } from '../text/text'
import { usePointedSite } from './plan_answer'

const [width, height] = [320, 90]

export function PlanCurve({ plan }: { plan: PlanFragment }) {
  const { t, number } = useText()
  const pointed = usePointedSite()
  const steps = [plan.coveredByExisting, ...plan.sites.map((site) => site.coveredSoFar)]
  const [bottom, top] = [plan.coveredByExisting, Math.max(plan.upperBound, plan.coveredByExisting + 1)]
  const x = (count: number) => (count / (steps.length - 1)) * width
  const y = (households: number) => height - ((households - bottom) / (top - bottom)) * height
  const line = steps.map((households, count) => `${x(count).toFixed(1)},${y(households).toFixed(1)}`).join(' ')
  const at = steps[pointed]
  return (
    <figure className="curve">
      <figcaption>{t('plan.curve')}</figcaption>
      <p className="dim">
        {t('plan.upper')}: {number(plan.upperBound)}
      </p>
      <svg viewBox={`-4 -4 ${width + 8} ${height + 8}`} role="img" aria-label={`${t('plan.curve')}: ${t('plan.existing')} ${number(plan.coveredByExisting)} → ${number(plan.covered)}; ${t('plan.upper')} ${number(plan.upperBound)}`}>
        <polygon points={`0,${height} ${line} ${width},${height}`} className="under" />
        <line x1="0" x2={width} y1={y(bottom)} y2={y(bottom)} className="existing" />
        <line x1="0" x2={width} y1={y(top)} y2={y(top)} className="upper" />
        <polyline points={line} className="line" />
        {pointed > 0 && at !== undefined && <circle cx={x(pointed)} cy={y(at)} r="4" />}
      </svg>
      <p className="dim">
        {bottom > 0 ? `${t('plan.existing')}: ${number(bottom)}` : number(0)}
      </p>
    </figure>
  )
}
