// What is shown, in figures: of the unit that the map is within.
import { useQuery } from 'urql'
import { OverviewDocument } from '../api/documents'
import { useRights } from '../access/rights'
import { useDay, useNewest } from '../api/start'
import { marks, statuses } from '../map/marks'
import { useWithin } from '../map/within'
import { useView } from '../state'
import { useText } from '../text/text'
import './overview.css'

export function Overview() {
  const { t, number, share, day, failed } = useText()
  const view = useView()
  const [asOf] = useDay()
  const within = useWithin()
  const newest = useNewest()
  const exact = useRights()?.has('AGGREGATES') ?? false
  const variables = { level: within?.level ?? 'PROVINCE', code: within?.code ?? '', seen: view.boundariesAsOf ?? asOf, asOf, boundariesAsOf: view.boundariesAsOf }
  const [{ data, error }] = useQuery({ query: OverviewDocument, variables, pause: !within || !asOf })
  if (error) return <p role="alert">{failed(error)}</p>
  if (!data) return <p aria-busy="true">{t('data.loading')}</p>
  const { adminUnit: unit } = data
  if (!unit) return <p>{t('data.none')}</p>
  const { coverage } = unit
  const counts = { GUIDED: coverage.guided, ATTEMPTED: coverage.attempted, NOT_VISITED: coverage.notVisited, UNKNOWN: coverage.unknown, INELIGIBLE: coverage.ineligible }
  const total = statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0)
  const figure = (value: string | null, name: string) => (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? t('data.none')}</dd>
    </div>
  )
  const count = (value: number | null) => (value === null ? null : number(value))
  return (
    <div className="overview">
      <h2>{unit.fullName}</h2>
      <p className="dim">{day(coverage.asOf)}</p>
      <p className="large">
        {coverage.share === null ? t('data.none') : share(coverage.share)} <small>{t('measure.SHARE')}</small>
      </p>
      {coverage.shareLow !== null && coverage.shareHigh !== null && <p className="dim">{t('overview.bounds', { low: share(coverage.shareLow), high: share(coverage.shareHigh) })}</p>}
      {coverage.basis !== 'REGISTER' && <p className="dim">{t(coverage.basis === 'REPORT' ? 'overview.report' : 'overview.none')}</p>}
      {total > 0 && (
        <>
          <h3>{t('overview.households')}</h3>
          <div className="bar" aria-hidden="true">
            {statuses.map((status) => (
              <i key={status} className={status} style={{ flexGrow: counts[status] ?? 0, background: marks[status].fill }} />
            ))}
          </div>
          <ul>
            {statuses.map((status) => (
              <li key={status}>
                <i className="dot" style={{ background: marks[status].fill, borderColor: marks[status].rim }} />
                <span>{t(`status.${status}`)}</span>
                <b>{count(counts[status]) ?? t('data.none')}</b>
              </li>
            ))}
          </ul>
        </>
      )}
      <dl>
        {figure(count(coverage.gapHouseholds), t('overview.gap'))}
        {figure(number(coverage.teams), t('overview.teams'))}
        {figure(number(coverage.members), t('overview.members'))}
        {figure(coverage.householdsPerMember === null ? null : number(coverage.householdsPerMember, 1), t('overview.perMember'))}
        {exact && figure(coverage.lastVisitOn && day(coverage.lastVisitOn), t('overview.lastVisit'))}
      </dl>
      {newest && <p className="dim source">{t('data.source', { source: newest.source })}</p>}
    </div>
  )
}
