// Where the next teams go: what is asked, and the plan with how good it is.
import { useEffect, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { PlaceDocument, type PlanFragment, type TeamPlanInput } from '../api/documents'
import { FileLink } from '../access/file'
import { NotHere } from '../access/not_here'
import { AskPurpose } from '../access/purpose'
import { useSettings } from '../api/settings'
import { changeView, useView } from '../state'
import { useText } from '../text/text'
import { partOf, usePlan } from './plan_answer'
import { PlanCurve } from './plan_curve'
import { PlanForm } from './plan_form'
import { planFile } from './plan_input'
import { PlanSites } from './plan_sites'
import './plan.css'

export function Plan() {
  const { t, day, failed } = useText()
  const { plan, input, share, unsaid, working, error, refused, again } = usePlan()
  const view = useView()
  const answer = useRef<HTMLDivElement>(null)
  const asked = JSON.stringify(input)
  const made = plan !== null
  // The form is long, and on a telephone all that there is room for: what it led to comes into sight.
  useEffect(() => {
    const panel = answer.current?.closest('[role=tabpanel]')
    // The panel alone scrolls, never the page.
    if (asked !== 'null' && panel && answer.current) panel.scrollTop += answer.current.getBoundingClientRect().top - panel.getBoundingClientRect().top
  }, [asked, share, made])
  const code = error?.graphQLErrors[0]?.extensions['code']
  const forbidden = refused || code === 'FORBIDDEN' || code === 'UNAUTHENTICATED'
  return (
    <div className="plan" aria-busy={working}>
      <h2>{t('panel.plan')}</h2>
      {unsaid ? <AskPurpose /> : <PlanForm working={working} />}
      <div ref={answer} className="answer">
        {input && <Asked input={input} />}
        {working && <Working key={asked} />}
        {error && (
          <div role="alert" className="problem">
            <p>{failed(error)}</p>
            {code === 'TOO_COSTLY' && <p>{t('plan.tooCostly')}</p>}
            {code === 'NOT_FOUND' && input?.within && input.asOf && <p>{t('plan.notThen', { day: day(input.asOf) })}</p>}
            {code === 'BAD_INPUT' && share > 0 && <p>{t('plan.outOfReach')}</p>}
            {!forbidden && code !== 'TOO_COSTLY' && code !== 'NOT_FOUND' && code !== 'BAD_INPUT' && (
              <button type="button" onClick={again}>
                {t('data.again')}
              </button>
            )}
          </div>
        )}
        {forbidden && (
          <div role="alert" className="problem">
            {refused && view.planWithin && <Asked input={{ within: view.planWithin, asOf: view.planAsOf }} />}
            <NotHere right="DECISIONS" leaving={{ planned: false, planWithin: null, planAsOf: null }} />
          </div>
        )}
        {plan && input && <Result plan={plan} input={input} share={share} />}
      </div>
    </div>
  )
}

/** What the plan is for: the map may show another unit and another day by now. */
function Asked({ input: { within, bbox, asOf } }: { input: Pick<TeamPlanInput, 'within' | 'bbox' | 'asOf'> }) {
  const { t, day } = useText()
  const [{ data }] = useQuery({ query: PlaceDocument, variables: { level: within?.level ?? 'PROVINCE', code: within?.code ?? '', asOf: asOf ?? null }, pause: !within })
  return (
    <p className="dim">
      {data?.adminUnit?.fullName ?? within?.code}
      {bbox && ` · ${t('plan.box')}`}
      {asOf && ` · ${day(asOf)}`}
    </p>
  )
}

/** That a plan is being made, for how long it has been, and how to stop it. */
function Working() {
  const { t, number } = useText()
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const clock = setInterval(() => setSeconds((before) => before + 1), 1000)
    return () => clearInterval(clock)
  }, [])
  return (
    <div className="working">
      <p role="status">{t('plan.working')}</p>
      <progress aria-label={t('plan.working')} />
      <span>{t('plan.seconds', { written: number(seconds), count: seconds })}</span>
      <button type="button" onClick={() => changeView({ planned: false }, 'replace')}>
        {t('plan.stop')}
      </button>
    </div>
  )
}

function Result({ plan, input, share }: { plan: PlanFragment; input: TeamPlanInput; share: number }) {
  const { t, number, share: percent, language } = useText()
  const settings = useSettings()
  const more = plan.upperBound - plan.covered
  const gained = plan.covered - plan.coveredByExisting
  const found = plan.sites.length
  /** A proved gap is small: in whole tenths of a percent it would look like none. */
  const gapText = (gap: number) => (gap < 0.0001 ? t('plan.tiny') : `${number(gap * 100, 2)}%`)
  const parts = [
    ...(input.keepExisting ? [['existing', plan.coveredByExisting] as const] : []),
    ['new', gained],
    ['rest', plan.demand - plan.covered],
  ] as const
  const fewest = () => {
    if (found === 0) return t('plan.enough')
    const sure = plan.teamsLowerBound === found
    return t(sure ? 'plan.fewestSure' : 'plan.fewest', { found: number(found), least: number(plan.teamsLowerBound ?? 0) })
  }
  return (
    <section className="result" aria-label={t('panel.plan')}>
      {found > 0 && (
        <p className="large" role="status">
          +{number(gained)} <small>{t('plan.added', { teams: t('plan.newTeams', { count: found, written: number(found) }) })}</small>
        </p>
      )}
      {plan.demand > 0 && (
        <>
          <div className="bar" aria-hidden="true">
            {parts.map(([name, households]) => (
              <i key={name} className={name} style={{ width: `${((households / plan.demand) * 100).toFixed(2)}%` }} />
            ))}
          </div>
          <ul className="parts">
            {parts.map(([name, households]) => (
              <li key={name}>
                <i className={name} aria-hidden="true" /> {t(`plan.part.${name}`)} <b>{number(households)}</b> <small>{percent(partOf(households, plan.demand))}</small>
              </li>
            ))}
          </ul>
          <p className="dim">{t('plan.of', { covered: number(plan.covered), share: percent(partOf(plan.covered, plan.demand)), demand: number(plan.demand) })}</p>
        </>
      )}
      <ul className="says">
        {share > 0 ? <li>{fewest()}</li> : found === 0 && <li>{t('plan.none')}</li>}
        {share === 0 && found > 0 && <li className="proof">{more === 0 ? t('plan.best') : t('plan.bound', { more: number(more), gap: gapText(plan.optimalityGap) })}</li>}
        {share === 0 && found > 0 && found < input.teams && <li>{t('plan.fewer', { count: number(found) })}</li>}
        {plan.unplaced > 0 && <li>{t('plan.unplaced', { count: number(plan.unplaced) })}</li>}
        {plan.cost !== null && plan.costPerHousehold !== null && <li>{t('plan.cost', { cost: number(plan.cost), months: number(plan.months ?? 0), each: number(plan.costPerHousehold) })}</li>}
        {plan.synthetic && <li>{t('plan.synthetic')}</li>}
      </ul>
      {found > 0 && (
        <>
          <PlanCurve plan={plan} />
          <PlanSites sites={plan.sites} demand={plan.demand} />
          <p className="files">
            {t('plan.export')}:{' '}
            {settings?.formats.map((format) => (
              <FileLink key={format} href={planFile(input, share, format, language)} download>
                {format.toUpperCase()}
              </FileLink>
            ))}
          </p>
        </>
      )}
    </section>
  )
}
