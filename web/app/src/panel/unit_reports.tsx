// What was published about a unit beside what the register gives, whence it came, and what is doubtful in its data.
import { useState } from 'react'
import { useQuery } from 'urql'
import { UnitChecksDocument, UnitDisputedDocument, UnitReportsDocument, type UnitQuery } from '../api/documents'
import { useStart } from '../api/start'
import { changeView, type Unit } from '../state'
import { useText } from '../text/text'
import vi from '../text/vi.json'

type Succession = NonNullable<UnitQuery['adminUnit']>['predecessors'][number]
const isOf = <T extends object>(all: T, key: string): key is Extract<keyof T, string> => Object.hasOwn(all, key)
const qualifiers = { EQ: '', GTE: '≥ ', LTE: '≤ ', APPROX: '≈ ' }

export function Reports({ unit, seen }: { unit: Unit; seen: string }) {
  const { t, language, number, share, day } = useText()
  const { data: start } = useStart()
  const [{ data }] = useQuery({ query: UnitReportsDocument, variables: { unit, asOf: seen } })
  if (!data || data.reconciliation.length === 0) return null
  const called = (measure: string) => {
    const service = start?.services.find((one) => one.code === measure)
    return service ? (language === 'vi' ? service.nameVi : service.nameEn) : isOf(vi.reported, measure) ? t(`reported.${measure}`) : measure
  }
  const reported = data.reconciliation.filter((one) => one.report)
  const computed = data.reconciliation.filter((one) => !one.report)
  return (
    <section>
      <h3>{t('unit.reported')}</h3>
      {reported.length === 0 && <p className="note">{t('unit.noReport')}</p>}
      <ul className="reports">
        {reported.map(({ report, ...one }) => {
          if (!report) return null
          const onlyShare = report.share !== null && report.share === report.value
          return (
            <li key={`${one.measure} ${report.source}`} className={one.status}>
              <strong>{called(one.measure)}</strong>
              <span className="state">{t(`reconciled.${one.status}`)}</span>
              <p>
                {t('unit.published')} <b>{qualifiers[report.qualifier] + (onlyShare ? share(report.value) : number(report.value))}</b> · {t('unit.computed')} <b>{one.computed === null ? t('unit.unknown') : number(one.computed)}</b>
                {one.difference !== null && one.difference !== 0 && ` (${one.difference > 0 ? '+' : '−'}${number(Math.abs(one.difference))})`}
              </p>
              <p className="dim">
                {day(one.asOf)}
                {report.base && ` · ${report.base}`} · {report.source}
              </p>
            </li>
          )
        })}
      </ul>
      {computed.length > 0 && (
        <details>
          <summary>{t('unit.computedOnly', { count: computed.length, written: number(computed.length) })}</summary>
          <ul className="near">
            {computed.map((one) => (
              <li key={one.measure}>
                <span>{called(one.measure)}</span> <b>{one.computed === null ? t('unit.unknown') : number(one.computed)}</b>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

export function Successions({ before, after, last }: { before: Succession[]; after: Succession[]; last: string | null }) {
  const { t } = useText()
  if (before.length + after.length === 0) return null
  return (
    <section>
      <h3>{t('unit.successions')}</h3>
      {before.length > 0 && <SuccessionList title={t('unit.predecessors')} all={before} eve last={last} />}
      {after.length > 0 && <SuccessionList title={t('unit.successors')} all={after} eve={false} last={last} />}
    </section>
  )
}

function SuccessionList({ title, all, eve, last }: { title: string; all: Succession[]; eve: boolean; last: string | null }) {
  const { t, number, day } = useText()
  return (
    <>
      <h4>{title}</h4>
      <ul className="successions">
        {all.map((one) => {
          const seen = eve ? new Date(Date.parse(one.effectiveOn) - 86_400_000).toISOString().slice(0, 10) : one.effectiveOn
          return (
            <li key={`${one.unit.level} ${one.unit.code} ${one.effectiveOn} ${one.extent}`}>
              <button
                type="button"
                className="link"
                title={day(seen)}
                onClick={() => changeView({ unit: { level: one.unit.level, code: one.unit.code }, asOf: seen === last ? null : seen, boundariesAsOf: null, classesAsOf: null, within: null, level: one.unit.level, at: null })}
              >
                {one.unit.fullName}
              </button>
              {one.unit.parent && <span className="dim">, {one.unit.parent.fullName}</span>}
              <p>
                {day(one.effectiveOn)} · {isOf(vi.extent, one.extent) ? t(`extent.${one.extent}`) : one.extent}
                {one.households !== undefined && one.addresses !== undefined && ` · ${t('unit.passed', { households: number(one.households), addresses: number(one.addresses) })}`}
              </p>
              {one.decision && <p className="dim">{one.decision}</p>}
            </li>
          )
        })}
      </ul>
    </>
  )
}

/** Asked for when it is opened: to look through a wide unit's data takes a while. */
export function Checks({ unit, seen }: { unit: Unit; seen: string }) {
  const { t, language } = useText()
  const [open, setOpen] = useState(false)
  const [{ data, fetching }] = useQuery({ query: UnitChecksDocument, variables: { unit, asOf: seen }, pause: !open })
  const [{ data: today }] = useQuery({ query: UnitDisputedDocument, variables: { unit }, pause: !open })
  const found = data?.dataQuality.filter((one) => one.count > 0 && !one.kind.startsWith('challenge_')) ?? []
  const disputed = today?.dataQuality.filter((one) => (one.outOf ?? 0) > 0) ?? []
  return (
    <section>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t('unit.checks')}</summary>
        {fetching && <p aria-busy="true">{t('data.loading')}</p>}
        {data && found.length === 0 && <p className="note">{t('unit.noChecks')}</p>}
        <ul className="checks">
          {found.map((one) => (
            <li key={one.kind}>{language === 'vi' ? one.sentenceVi : one.sentenceEn}</li>
          ))}
        </ul>
        {disputed.length > 0 && <p className="note">{t('unit.disputed')}</p>}
        <ul className="checks">
          {disputed.map((one) => (
            <li key={one.kind}>{language === 'vi' ? one.sentenceVi : one.sentenceEn}</li>
          ))}
        </ul>
      </details>
    </section>
  )
}
