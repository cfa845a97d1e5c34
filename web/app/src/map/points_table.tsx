// The points on the map in rows, below the units: what their cards say, for whoever has no pointer.
import { useRef } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { Map } from 'maplibre-gl'
import { useView, type Layer } from '../state'
import { useText } from '../text/text'
import { marks, signs, statuses, type Status } from './marks'
import { useSeen, type Point } from './points_seen'

const columns = { teams: ['name', 'unit', 'members', 'position'], service_points: ['name', 'code'], addresses: ['code', 'status'] } as const satisfies Record<Layer, string[]>

function Section({ map, name }: { map: Map | null; name: Layer }) {
  const { t, language, number } = useText()
  const seen = useSeen(map, name, language)
  const scroll = useRef<HTMLDivElement>(null)
  const points = seen?.points ?? []
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised upon it
  const virtual = useVirtualizer({ count: points.length, getScrollElement: () => scroll.current, estimateSize: () => 37, overscan: 20 })
  const shown = virtual.getVirtualItems()
  const before = shown[0]?.start ?? 0
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0)
  const count = name === 'addresses' && seen ? statuses.reduce((sum, status) => sum + seen.counts[status], 0) : points.length
  const title = `${t(`points.${name}`)}: ${number(count)}`
  const cell = (key: string, { properties: of }: Point) => {
    if (key === 'unit') return of['unitName']
    if (key === 'members') return number(Number(of['members'] ?? 0))
    if (key === 'position') return of['located'] === false ? t('card.unlocated') : t('points.located')
    if (key === 'status') return <Mark status={of['status'] as Status} />
    return of[key]
  }
  if (count === 0) return null // the map shows none either: they may lie elsewhere, or it is not near enough
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls has to be reached by keyboard
    <div className="table points" ref={scroll} tabIndex={0} role="region" aria-label={title}>
      <h2>
        {name !== 'addresses' && (
          <i className="sign" aria-hidden="true" style={{ color: signs[name].colour }}>
            {signs[name].sign}
          </i>
        )}{' '}
        {title}
      </h2>
      {name === 'addresses' && seen && (
        <ul>
          {statuses.map((status) => (
            <li key={status}>
              <Mark status={status} />: <b>{number(seen.counts[status])}</b>
            </li>
          ))}
        </ul>
      )}
      {points.length > 0 && (
        <table aria-rowcount={points.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              {columns[name].map((key) => (
                <th key={key} scope="col">
                  {t(`points.column.${key}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <tr aria-hidden="true" style={{ height: before }} />}
            {shown.map((item) => {
              const point = points[item.index]
              if (!point) return null
              const [first, ...rest] = columns[name]
              return (
                <tr key={item.key} aria-rowindex={item.index + 2}>
                  <th scope="row">{cell(first, point)}</th>
                  {rest.map((key) => (
                    <td key={key}>{cell(key, point)}</td>
                  ))}
                </tr>
              )
            })}
            {after > 0 && <tr aria-hidden="true" style={{ height: after }} />}
          </tbody>
        </table>
      )}
    </div>
  )
}

/** How an address of a status is marked, and its word. */
export function Mark({ status }: { status: Status }) {
  const { t } = useText()
  return (
    <>
      <i className="dot" style={{ background: marks[status].fill, borderColor: marks[status].rim }} /> <span>{t(`status.${status}`)}</span>
    </>
  )
}

export function PointTables({ map }: { map: Map | null }) {
  const { layers } = useView()
  return layers.map((name) => <Section key={name} map={map} name={name} />)
}
