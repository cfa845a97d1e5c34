// Where the next teams go: what is asked, and the plan with how good it is.
import { reason } from '../api/client'
import { useSettings } from '../api/start'
import type { PlanFragment, TeamPlanInput } from '../api/documents'
import { useText } from '../text/text'
import { usePlan } from './plan_answer'
import { PlanCurve } from './plan_curve'
import { PlanForm } from './plan_form'
import { planFile } from './plan_input'
import { PlanSites } from './plan_sites'
import './plan.css'

export function Plan() {
  const { t } = useText()
  const { plan, input, share, working, error } = usePlan()
  return (
    <div className="plan" aria-busy={working}>
      <h2>{t('panel.plan')}</h2>
      <PlanForm working={working} />
      <p role="status" className={working ? 'working' : undefined}>
        {working ? t('plan.working') : ''}
      </p>
      {error && (
        <p role="alert" className="problem">
          {reason(error)}
        </p>
      )}
      {plan && input && <Result plan={plan} input={input} share={share} />}
    </div>
  )
}

function Result({ plan, input, share }: { plan: PlanFragment; input: TeamPlanInput; share: number }) {
  const { t, number, share: percent, language } = useText()
  const settings = useSettings()
  const more = plan.upperBound - plan.covered
  const gained = plan.covered - plan.coveredByExisting
  const found = plan.sites.length
  const fewest = () => {
    if (found === 0) return t('plan.enough')
    const sure = plan.teamsLowerBound === found
    return t(sure ? 'plan.fewestSure' : 'plan.fewest', { found: number(found), least: number(plan.teamsLowerBound ?? 0) })
  }
  return (
    <section className="result" aria-label={t('panel.plan')}>
      <p className="large">
        {number(plan.covered)} <small>{t('plan.covered')}</small>
      </p>
      {/* Rounded down: 100 % is all of them. */}
      {plan.demand > 0 && <p className="dim">{t('plan.of', { share: percent(Math.floor((1000 * plan.covered) / plan.demand) / 1000), demand: number(plan.demand) })}</p>}
      <ul className="says">
        {share > 0 ? <li>{fewest()}</li> : found === 0 && <li>{t('plan.none')}</li>}
        {found > 0 && <li>{t(input.keepExisting ? 'plan.gain' : 'plan.gainAlone', { gained: number(gained), existing: number(plan.coveredByExisting) })}</li>}
        {share === 0 && found > 0 && <li className="proof">{more === 0 ? t('plan.best') : t('plan.bound', { more: number(more), gap: percent(plan.optimalityGap) })}</li>}
        {share === 0 && found > 0 && found < input.teams && <li>{t('plan.fewer', { count: number(found) })}</li>}
        {plan.unplaced > 0 && <li>{t('plan.unplaced', { count: number(plan.unplaced) })}</li>}
        {plan.cost !== null && plan.costPerHousehold !== null && <li>{t('plan.cost', { cost: number(plan.cost), months: number(plan.months ?? 0), each: number(plan.costPerHousehold) })}</li>}
        {plan.synthetic && <li>{t('plan.synthetic')}</li>}
      </ul>
      {found > 0 && (
        <>
          <PlanCurve plan={plan} />
          <PlanSites sites={plan.sites} />
          <p className="files">
            {t('plan.export')}:{' '}
            {settings?.formats.map((format) => (
              <a key={format} href={planFile(input, share, format, language)} download>
                {format.toUpperCase()}
              </a>
            ))}
          </p>
        </>
      )}
    </section>
  )
}
