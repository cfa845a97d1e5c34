// Why a hamlet is a gap and what would close it; of a wider unit, how many gaps it has.
import { useQuery } from 'urql'
import { UnitGapDocument, type GapReason, type UnitGapQuery } from '../api/documents'
import { changeView, sameUnit, useView, type Unit } from '../state'
import { useText } from '../text/text'
import { filterOf } from './gaps_filter'
import { Reason } from './reasons'

type Explanation = UnitGapQuery['coverageGaps']['nodes'][number]['explanations'][number]

export function WhyAndWhat({ unit, asOf }: { unit: Unit; asOf: string }) {
  const { t, language, number } = useText()
  const view = useView()
  const hamlet = unit.level === 'HAMLET'
  const filter = { ...filterOf(view, unit), bbox: null, remoteOnly: false, reasons: null, ...(hamlet && { minGapHouseholds: 0 }) }
  const [{ data }] = useQuery({ query: UnitGapDocument, variables: { filter, asOf, boundariesAsOf: view.boundariesAsOf } })
  if (!data) return null
  const { totalCount, nodes } = data.coverageGaps
  if (!hamlet) {
    return totalCount === 0 ? (
      <p className="note">{t('unit.noGaps')}</p>
    ) : (
      <button type="button" className="primary" onClick={() => changeView({ within: unit.level === 'PROVINCE' ? null : unit, level: null, at: null, panel: 'gaps', reasons: [], remoteOnly: false, gapsInView: false })}>
        {t('unit.gaps', { count: totalCount, written: number(totalCount) })}
      </button>
    )
  }
  const gap = nodes[0]
  if (!gap || !sameUnit(gap.unit, { level: unit.level, code: gap.unit.code })) return <p className="note">{t('unit.noGap')}</p>
  return (
    <>
      <section>
        <h3>{t('unit.why')}</h3>
        <ul className="why">
          {gap.explanations.map((one) => (
            <li key={one.reason}>
              <Reason reason={one.reason} />
              <p>{language === 'vi' ? one.sentenceVi : one.sentenceEn}</p>
              <Evidence of={one} />
            </li>
          ))}
        </ul>
      </section>
      {gap.actions.length > 0 && (
        <section>
          <h3>{t('unit.what')}</h3>
          <ul className="what">
            {gap.actions.map((one) => (
              <li key={`${one.kind} ${one.quantity}`}>
                <b>
                  {number(one.quantity)} <small>{t(`action.${one.kind}`)}</small>
                </b>
                <div>
                  <p>{language === 'vi' ? one.sentenceVi : one.sentenceEn}</p>
                  <Effects word={t('unit.closes')} reasons={one.closes} />
                  <Effects word={t('unit.creates')} reasons={one.creates} />
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Effects({ word, reasons }: { word: string; reasons: GapReason[] }) {
  if (reasons.length === 0) return null
  return (
    <p className="effects">
      {word}{' '}
      {reasons.map((one) => (
        <Reason key={one} reason={one} />
      ))}
    </p>
  )
}

/** The figure, what it was held against, and what it rests on. */
function Evidence({ of }: { of: Explanation }) {
  const { t, number, share, day } = useText()
  const distance = useDistance()
  const write = (value: number | null) => {
    if (value === null) return t('unit.unknown')
    if (of.unit === 'share') return share(value)
    if (of.unit === 'metres') return distance(value)
    return number(value, of.unit === 'householdsPerMember' ? 1 : 0)
  }
  return (
    <p className="evidence">
      {t('unit.value')} <b>{write(of.value)}</b> · {t(of.reason === 'STALE' || of.reason === 'OUT_OF_REACH' || of.reason === 'OVERLOADED' ? 'unit.atMost' : 'unit.atLeast')} <b>{write(of.threshold)}</b>
      {of.team && ` · ${of.team.name}`}
      {of.distanceMetres !== null && of.unit !== 'metres' && ` · ${distance(of.distanceMetres)}`}
      {of.lastVisitOn && ` · ${t('unit.lastVisit')}: ${day(of.lastVisitOn)}`}
    </p>
  )
}

/** Writes metres as a person says them. */
export function useDistance() {
  const { number } = useText()
  return (metres: number) => (metres < 1000 ? `${number(Math.round(metres / 10) * 10)} m` : `${number(metres / 1000, 1)} km`)
}
