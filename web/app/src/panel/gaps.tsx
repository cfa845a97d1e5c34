// The list of gaps: in the API's order, the highest priority first, and tied to the map.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useDay } from '../api/start'
import { flyTo } from '../map/fly'
import { usePlace } from '../map/place'
import { pointAt, usePointed } from '../map/pointed'
import { changeView, sameUnit, useView, type Unit } from '../state'
import { useText } from '../text/text'
import { GapFilters, useFilter } from './gaps_filters'
import { useGapPages, type Gap } from './gaps_pages'
import { Reason } from './reasons'
import { ShareBar } from './share_bar'
import { Target } from './target'
import './gaps.css'

const unitOf = ({ level, code }: Unit): Unit => ({ level, code })
const open = (gap: Gap) => changeView({ unit: unitOf(gap.unit), panel: 'unit' })

export function Gaps() {
  const { t, number, day, failed } = useText()
  const view = useView()
  const [asOf] = useDay()
  const place = usePlace()
  const filter = useFilter()
  const { rows, total, error, old, want, again } = useGapPages(filter && asOf ? { filter, asOf, boundariesAsOf: view.boundariesAsOf } : null)
  const pointed = usePointed()
  const grid = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const [above, setAbove] = useState(0)

  // The list scrolls with what stands above it: on a telephone there is no room for two things that scroll.
  useLayoutEffect(() => {
    const head = grid.current?.previousElementSibling
    if (!head) return
    const measure = () => setAbove(grid.current?.offsetTop ?? 0)
    const watch = new ResizeObserver(measure)
    watch.observe(head)
    measure()
    return () => watch.disconnect()
  }, [])

  // eslint-disable-next-line react-hooks/incompatible-library -- what it gives is used in this render alone
  const virtual = useVirtualizer({
    count: total ?? 0,
    getScrollElement: () => grid.current?.closest('[role=tabpanel]') ?? null,
    estimateSize: () => 116,
    overscan: 6,
    scrollMargin: above,
  })
  const shown = virtual.getVirtualItems()
  const last = (shown.at(-1)?.index ?? -1) + 1
  useEffect(() => want(last), [want, last, rows.length])
  useEffect(() => () => pointAt([]), [])

  const move = (event: KeyboardEvent, index: number) => {
    const gap = rows[index]
    if (event.target !== event.currentTarget) return
    if (event.key === 'Enter') return gap && open(gap)
    if (event.key === ' ' && gap) {
      event.preventDefault()
      return changeView({ unit: unitOf(gap.unit) })
    }
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + 5, PageUp: index - 5, Home: 0, End: (total ?? 1) - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = Math.max(0, Math.min((total ?? 1) - 1, to))
    setActive(next)
    virtual.scrollToIndex(next)
    // The row is there once the list has drawn it.
    const focus = (tries: number) => {
      const row = grid.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)
      if (row) row.focus({ preventScroll: true })
      else if (tries > 0) requestAnimationFrame(() => focus(tries - 1))
    }
    requestAnimationFrame(() => focus(10))
  }

  return (
    <div className="gaps" aria-busy={old}>
      <div className="head">
        <h2>{total === null ? t('panel.gaps') : t('gaps.count', { count: total, written: number(total) })}</h2>
        <p className="dim">
          {place?.fullName}
          {asOf && ` · ${day(asOf)}`} · {t('gaps.order')}
        </p>
        <GapFilters />
        {error && (
          <p role="alert" className="problem">
            {failed(error)}{' '}
            <button type="button" onClick={again}>
              {t('data.again')}
            </button>
          </p>
        )}
        <p role="status" className={total === 0 ? 'nothing' : undefined}>
          {total === null && !error ? t('data.loading') : total === 0 && !old ? t('gaps.nothing') : ''}
        </p>
      </div>
      <div ref={grid} role="grid" tabIndex={-1} aria-label={t('panel.gaps')} aria-rowcount={total ?? 0} className={old ? 'rows old' : 'rows'} style={{ height: virtual.getTotalSize() }} onMouseLeave={() => pointAt([])}>
        {shown.map((item) => {
          const gap = rows[item.index]
          const at = pointed[0]
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              role="row"
              aria-rowindex={item.index + 1}
              aria-selected={gap ? sameUnit(gap.unit, view.unit) : false}
              aria-busy={!gap}
              tabIndex={item.index === Math.min(active, (total ?? 1) - 1) ? 0 : -1}
              className={gap && at && (sameUnit(at, gap.unit) || sameUnit(at, gap.unit.parent)) ? 'pointed' : undefined}
              style={{ transform: `translateY(${item.start - above}px)` }}
              onMouseEnter={() => gap && pointAt(line(gap))}
              onFocus={() => {
                setActive(item.index)
                if (gap) pointAt(line(gap))
              }}
              onClick={() => gap && changeView({ unit: unitOf(gap.unit) })}
              onKeyDown={(event) => move(event, item.index)}
            >
              {gap ? <Row gap={gap} rank={item.index + 1} target={view.target} tabbed={item.index === active} /> : <span role="gridcell">{t('data.loading')}</span>}
            </div>
          )
        })}
      </div>
    </div>
  )
}

const line = ({ unit }: Gap): Unit[] => [unitOf(unit), ...(unit.parent ? [unitOf(unit.parent)] : [])]

function Row({ gap, rank, target, tabbed }: { gap: Gap; rank: number; target: number; tabbed: boolean }) {
  const { t, number, share } = useText()
  const { unit, coverage, remoteness } = gap
  const { bbox } = unit
  return (
    <>
      <div role="rowheader" className="name">
        <span className="rank">{number(rank)}</span>
        <button
          type="button"
          className="link"
          tabIndex={-1}
          onClick={(event) => {
            event.stopPropagation()
            open(gap)
          }}
        >
          {unit.fullName}
        </button>
        <small>
          {unit.parent?.fullName}
          {remoteness?.remote && <span className="tag">{t('card.remote')}</span>}
        </small>
      </div>
      <div role="gridcell" className="households">
        <b>{number(gap.gapHouseholds)}</b> <small>{t('gaps.households')}</small>
      </div>
      <div role="gridcell" className="share">
        <ShareBar low={coverage.shareLow} share={coverage.share} high={coverage.shareHigh} target={target} />
        <span>{coverage.share === null ? t('gaps.shareUnknown') : t('gaps.share', { share: share(coverage.share) })}</span>
        <span className="remoteness">{remoteness ? t('gaps.remoteness', { index: number(remoteness.index, 2) }) : t('gaps.remotenessUnknown')}</span>
      </div>
      <div role="gridcell" className="reasons">
        {gap.reasons.map((one) => (
          <Reason key={one} reason={one} />
        ))}
      </div>
      <div role="gridcell" className="fly">
        {bbox && (
          <button
            type="button"
            tabIndex={tabbed ? 0 : -1}
            aria-label={`${t('gaps.fly')}: ${[unit.fullName, unit.parent?.fullName].filter(Boolean).join(', ')}`}
            title={t('gaps.fly')}
            onClick={(event) => {
              event.stopPropagation()
              flyTo(unitOf(unit), bbox)
            }}
          >
            <Target />
          </button>
        )}
      </div>
    </>
  )
}
