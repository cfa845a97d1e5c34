// A unit's coverage through time, as a small chart and as a table.
import { useQuery } from 'urql'
import { UnitHistoryDocument } from '../api/documents'
import { useNewest } from '../api/start'
import { changeView, type Unit } from '../state'
import { useText } from '../text/text'
import { fromKnown, monthsBefore, runs } from './unit_days'

const [width, height, left, right, top, bottom] = [344, 132, 38, 8, 8, 22]

export function History({ unit, seen, asOf, exact, target }: { unit: Unit; seen: string; asOf: string; exact: boolean; target: number }) {
  const { t, share, number, day } = useText()
  const last = useNewest()?.asOf
  const near = unit.level === 'HAMLET' || unit.level === 'COMMUNE'
  const [{ data, error }] = useQuery({
    query: UnitHistoryDocument,
    variables: { unit, from: last ? monthsBefore(exact ? last : asOf, 60) : '', to: (exact ? last : asOf) ?? '', step: near ? 'MONTH' : 'QUARTER', boundariesAsOf: exact ? seen : null },
    pause: !last,
  })
  if (error) return null // the unit's own figures say what is wrong
  if (!data) return <p aria-busy="true">{t('data.loading')}</p>
  const points = fromKnown(data.coverageTrend, (one) => one.share !== null)
  const known = points.filter((one) => one.share !== null)
  const [start, end] = [known[0], known.at(-1)]
  if (!start || !end || known.length < 2) return <p>{t('unit.noHistory')}</p>
  const [from, to] = [Date.parse(start.asOf), Date.parse(points.at(-1)?.asOf ?? end.asOf)]
  const x = (iso: string) => left + ((Date.parse(iso) - from) / Math.max(1, to - from)) * (width - left - right)
  const y = (value: number) => top + (1 - value) * (height - top - bottom)
  const at = (iso: string, value: number | null) => `${x(iso).toFixed(1)},${y(value ?? 0).toFixed(1)}`
  return (
    <>
      <svg className="history" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('unit.historySays', { from: share(start.share ?? 0), fromDay: day(start.asOf), to: share(end.share ?? 0), toDay: day(end.asOf) })}>
        {[0, 0.5, 1].map((value) => (
          <g key={value}>
            <line className="grid" x1={left} x2={width - right} y1={y(value)} y2={y(value)} />
            <text x={left - 5} y={y(value) + 3.5} textAnchor="end">
              {share(value)}
            </text>
          </g>
        ))}
        {runs(points, (one) => one.shareLow !== null && one.shareHigh !== null).map((run) => (
          <polygon key={run[0]?.asOf} className="band" points={[...run.map((one) => at(one.asOf, one.shareHigh)), ...[...run].reverse().map((one) => at(one.asOf, one.shareLow))].join(' ')} />
        ))}
        <line className="target" x1={left} x2={width - right} y1={y(target)} y2={y(target)} />
        {runs(points, (one) => one.share !== null).map((run) => (
          <polyline key={run[0]?.asOf} className="line" points={run.map((one) => at(one.asOf, one.share)).join(' ')} />
        ))}
        {asOf >= start.asOf && Date.parse(asOf) <= to && <line className="now" x1={x(asOf)} x2={x(asOf)} y1={top} y2={height - bottom} />}
        <text x={left} y={height - 6}>
          {day(start.asOf)}
        </text>
        <text x={width - right} y={height - 6} textAnchor="end">
          {day(points.at(-1)?.asOf ?? end.asOf)}
        </text>
      </svg>
      <p className="key">
        <span>
          <i className="line" /> {t('measure.SHARE')}
        </span>
        <span>
          <i className="band" /> {t('unit.bounds')}
        </span>
        <span>
          <i className="target" /> {t('unit.target', { share: share(target) })}
        </span>
      </p>
      <details>
        <summary>{t('unit.historyTable')}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('day.label')}</th>
              <th scope="col">{t('measure.SHARE')}</th>
              <th scope="col">{t('unit.gap')}</th>
            </tr>
          </thead>
          <tbody>
            {[...points].reverse().map((one) => (
              <tr key={one.asOf}>
                <th scope="row">
                  <button type="button" className="link" onClick={() => changeView({ asOf: one.asOf === last ? null : one.asOf })}>
                    {day(one.asOf)}
                  </button>
                </th>
                <td>{one.share === null ? t('unit.unknown') : share(one.share)}</td>
                <td>{one.gapHouseholds === null ? t('unit.unknown') : number(one.gapHouseholds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  )
}
