// All that is known of the unit that is chosen.
import { useQuery } from 'urql'
import { UnitDocument, type UnitQuery } from '../api/documents'
import { useRightsIn } from '../access/rights'
import { useDay, useNewest } from '../api/start'
import { flyTo } from '../map/fly'
import { marks, statuses } from '../map/marks'
import { changeView, useView, type Unit as Ref } from '../state'
import { useText } from '../text/text'
import { ShareBar } from './share_bar'
import { Target } from './target'
import { useDistance, WhyAndWhat } from './unit_gap'
import { History } from './unit_history'
import { Checks, Reports, Successions } from './unit_reports'
import { Services, Teams } from './unit_teams'
import './unit.css'

type Shown = NonNullable<UnitQuery['adminUnit']>

export function Unit() {
  const { t } = useText()
  const { unit } = useView()
  return unit ? <One key={`${unit.level}:${unit.code}`} unit={unit} /> : <p className="unit-empty">{t('unit.choose')}</p>
}

function One({ unit }: { unit: Ref }) {
  const { t, day, failed } = useText()
  const view = useView()
  const [asOf] = useDay()
  const last = useNewest()?.asOf ?? null
  const { rights, error: unknown, again: askRights } = useRightsIn(unit, view.boundariesAsOf ?? asOf)
  const exact = rights?.has('AGGREGATES') ?? false
  const boundariesAsOf = exact ? view.boundariesAsOf : null // what everybody is told stands on the day's own
  const seen = boundariesAsOf ?? asOf
  const [{ data, error }, again] = useQuery({ query: UnitDocument, variables: { ...unit, seen: seen ?? '', asOf: asOf ?? '', boundariesAsOf, exact }, pause: !asOf || !rights })
  const why = unknown ?? (data ? undefined : error)
  if (why) {
    return (
      <div role="alert" className="unit-empty">
        <p>{failed(why)}</p>
        <button type="button" onClick={() => (unknown ? askRights() : again({ requestPolicy: 'network-only' }))}>
          {t('data.again')}
        </button>
      </div>
    )
  }
  if (!data || !asOf || !seen || !rights) return <p aria-busy="true">{t('data.loading')}</p>
  const { adminUnit: shown } = data
  if (!shown) return <p className="unit-empty">{t('unit.notThen', { code: unit.code, day: day(seen) })}</p>
  return (
    <article className="unit">
      <Head unit={shown} reference={unit} />
      <Coverage unit={shown} asOf={asOf} target={view.target} />
      {rights.has('DECISIONS') && <WhyAndWhat unit={unit} asOf={asOf} />}
      <section>
        <h3>{t(exact ? 'unit.history' : 'unit.historyPublished')}</h3>
        <History unit={unit} seen={seen} asOf={asOf} exact={exact} target={view.target} />
      </section>
      <Teams unit={shown} asOf={asOf} />
      {exact && <Services unit={shown} seen={seen} asOf={asOf} boundariesAsOf={boundariesAsOf} />}
      {exact && <Reports unit={unit} seen={seen} />}
      <Successions before={shown.predecessors} after={shown.successors} last={last} />
      {rights.has('DECISIONS') && <Checks unit={unit} seen={seen} />}
      {!exact && <p className="note">{t('access.unit')}</p>}
    </article>
  )
}

function Head({ unit, reference }: { unit: Shown; reference: Ref }) {
  const { t, number, day } = useText()
  const distance = useDistance()
  const { bbox, remoteness } = unit
  const facts = [
    unit.areaKm2 === null ? null : `${number(unit.areaKm2, 1)} km²`,
    unit.validTo && t('unit.until', { day: day(unit.validTo) }),
    unit.derived && t('unit.derived', { written: number(unit.derivedFrom ?? 0) }),
  ].filter(Boolean)
  return (
    <header>
      <div>
        <h2>{unit.fullName}</h2>
        <p className="dim">
          {unit.ancestors.map((one, index) => (
            <span key={one.code}>
              {index > 0 && ', '}
              <button type="button" className="link" onClick={() => changeView({ unit: { level: one.level, code: one.code } })}>
                {one.fullName}
              </button>
            </span>
          ))}
        </p>
        {facts.length > 0 && <p className="dim">{facts.join(' · ')}</p>}
        <p className="dim" hidden={remoteness === undefined}>
          {remoteness?.remote && <span className="tag">{t('card.remote')}</span>}
          {remoteness ? t('unit.remoteness', { index: number(remoteness.index, 2) }) : t('gaps.remotenessUnknown')}
          {remoteness?.serviceDistanceMetres != null && ` · ${t('unit.toService', { distance: distance(remoteness.serviceDistanceMetres) })}`}
          {remoteness?.teamDistanceMetres != null && ` · ${t('unit.toTeam', { distance: distance(remoteness.teamDistanceMetres) })}`}
        </p>
      </div>
      {bbox && (
        <button type="button" className="fly" aria-label={`${t('gaps.fly')}: ${unit.fullName}`} title={t('gaps.fly')} onClick={() => flyTo(reference, bbox)}>
          <Target />
        </button>
      )}
    </header>
  )
}

function Coverage({ unit, asOf, target }: { unit: Shown; asOf: string; target: number }) {
  const { t, number, share, day } = useText()
  const { coverage } = unit
  const counts = { GUIDED: coverage.guided, ATTEMPTED: coverage.attempted, NOT_VISITED: coverage.notVisited, UNKNOWN: coverage.unknown, INELIGIBLE: coverage.ineligible }
  const count = (value: number | null) => (value === null ? t('unit.unknown') : number(value))
  const figure = (name: string, value: string) => (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
  return (
    <section className="coverage">
      <p className="large">
        {coverage.share === null ? t('unit.unknown') : share(coverage.share)} <small>{t('measure.SHARE')}</small>
      </p>
      <ShareBar low={coverage.shareLow} share={coverage.share} high={coverage.shareHigh} target={target} />
      <p className="dim">
        {coverage.shareLow !== null && coverage.shareHigh !== null && `${t('card.bounds', { low: share(coverage.shareLow), high: share(coverage.shareHigh) })} · `}
        {t('unit.target', { share: share(target) })}
      </p>
      <p className="dim">
        {t(`basis.${coverage.basis}`)} · {day(asOf)}
      </p>
      {coverage.apportioned !== null && <p className="dim">{t('unit.apportioned', { share: share(coverage.apportioned) })}</p>}
      {coverage.note && <p className="note">{coverage.note}</p>}
      {coverage.basis !== 'NONE' && (
        <ul className="counts">
          {statuses.map((status) => (
            <li key={status}>
              <i className="dot" style={{ background: marks[status].fill, borderColor: marks[status].rim }} />
              <span>{t(`status.${status}`)}</span>
              <b>{count(counts[status])}</b>
            </li>
          ))}
        </ul>
      )}
      <dl>
        {figure(t('unit.gap'), count(coverage.gapHouseholds))}
        {figure(t('column.addresses'), number(coverage.addresses))}
        {figure(t('measure.HOUSEHOLDS_PER_MEMBER'), coverage.householdsPerMember === null ? t('unit.unknown') : number(coverage.householdsPerMember, 1))}
        {coverage.services && figure(t('unit.lastVisit'), coverage.lastVisitOn ? day(coverage.lastVisitOn) : coverage.basis === 'REGISTER' ? t('unit.neverVisited') : t('unit.unknown'))}
      </dl>
    </section>
  )
}
