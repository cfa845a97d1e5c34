// The map in rows: the same units, figures and classes, for whoever does not see the map.
import { createColumnHelper, flexRender, getCoreRowModel, getSortedRowModel, useReactTable, type SortingState } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import { changeView, sameUnit, useView, type Unit } from '../state'
import { useText } from '../text/text'
import type { Class, Figure } from './figures'
import { useMeasure } from './measure'
import { enter } from './units'

const column = createColumnHelper<Figure>()

export function Table({ rows, classes, level }: { rows: Figure[]; classes: Class[]; level: Unit['level'] }) {
  const { t, language, number, share } = useText()
  const { name, value, range } = useMeasure()
  const view = useView()
  const [sorting, setSorting] = useState<SortingState>([{ id: 'name', desc: false }])
  const columns = useMemo(() => {
    const count = (key: 'gapHouseholds' | 'guided' | 'addresses' | 'teams' | 'members') =>
      column.accessor((row) => row[key] ?? undefined, { id: key, header: t(`column.${key}`), sortUndefined: 'last', cell: (cell) => (cell.getValue() === undefined ? t('data.none') : number(cell.getValue() ?? 0)) })
    const collator = new Intl.Collator(language, { numeric: true })
    return [
      column.accessor('fullName', { id: 'name', header: t(`level.${level}`), sortingFn: (a, b) => collator.compare(a.original.fullName, b.original.fullName) }),
      column.accessor((row) => row.value ?? undefined, { id: 'value', header: name, sortUndefined: 'last', cell: (cell) => value(cell.row.original.value) }),
      column.accessor((row) => row.class ?? undefined, {
        id: 'class',
        header: t('column.class'),
        sortUndefined: 'last',
        cell: ({ row: { original: figure } }) => {
          const of = figure.class === null ? undefined : classes[figure.class]
          return of && figure.class !== null ? (
            <>
              <i className="swatch" style={{ background: of.color }} /> {range(of, figure.class, classes, view.classesAsOf !== null)}
            </>
          ) : (
            <>
              <i className="swatch none" /> {t('data.none')}
            </>
          )
        },
      }),
      column.accessor((row) => row.shareLow ?? undefined, {
        id: 'bounds',
        header: t('column.bounds'),
        sortUndefined: 'last',
        cell: ({ row: { original: figure } }) => (figure.shareLow === null || figure.shareHigh === null ? t('data.none') : `${share(figure.shareLow)} – ${share(figure.shareHigh)}`),
      }),
      count('guided'),
      count('gapHouseholds'),
      count('addresses'),
      count('teams'),
      count('members'),
      column.accessor('remote', { header: t('column.remote'), cell: (cell) => (cell.getValue() ? t('column.yes') : '') }),
    ]
  }, [t, language, level, name, value, number, share, range, classes, view.classesAsOf])
  // eslint-disable-next-line react-hooks/incompatible-library -- the table keeps its own state; nothing here is memoised upon it
  const table = useReactTable({ data: rows, columns, state: { sorting }, onSortingChange: setSorting, getCoreRowModel: getCoreRowModel(), getSortedRowModel: getSortedRowModel() })
  const scroll = useRef<HTMLDivElement>(null)
  const sorted = table.getRowModel().rows
  const virtual = useVirtualizer({ count: sorted.length, getScrollElement: () => scroll.current, estimateSize: () => 37, overscan: 20 })
  const shown = virtual.getVirtualItems()
  const before = shown[0]?.start ?? 0
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0)
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls has to be reached by keyboard
    <div className="table" ref={scroll} tabIndex={0} role="region" aria-label={t('map.table')}>
      <table aria-rowcount={sorted.length + 1}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map((header) => {
                const order = header.column.getIsSorted()
                return (
                  <th key={header.id} scope="col" aria-sort={order === 'asc' ? 'ascending' : order === 'desc' ? 'descending' : 'none'}>
                    <button type="button" onClick={header.column.getToggleSortingHandler()}>
                      {flexRender(header.column.columnDef.header, header.getContext())}
                      <span aria-hidden="true">{order === 'asc' ? ' ▲' : order === 'desc' ? ' ▼' : ''}</span>
                    </button>
                  </th>
                )
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden="true" style={{ height: before }} />}
          {shown.map((item) => {
            const row = sorted[item.index]
            if (!row) return null
            const unit = { level, code: row.original.code }
            return (
              <tr key={row.id} aria-rowindex={item.index + 2} aria-selected={sameUnit(unit, view.unit)}>
                {row.getVisibleCells().map((cell, index) => {
                  const content = flexRender(cell.column.columnDef.cell, cell.getContext())
                  return index > 0 ? (
                    <td key={cell.id}>{content}</td>
                  ) : (
                    <th key={cell.id} scope="row">
                      <button type="button" className="link" onClick={() => changeView({ unit, panel: 'unit' })}>
                        {content}
                      </button>
                      {level !== 'HAMLET' && (
                        <button type="button" className="link" aria-label={`${t('card.enter')}: ${row.original.fullName}`} title={t('card.enter')} onClick={() => enter(unit)}>
                          ↳
                        </button>
                      )}
                    </th>
                  )
                })}
              </tr>
            )
          })}
          {after > 0 && <tr aria-hidden="true" style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  )
}
