// The units: their borders come in tiles once, their figures by themselves, and the two meet on the screen by the
// unit's code (feature state). So to move the day costs one answer without a border in it, 21 kB for a
// province's communes, where tiles or GeoJSON with the figures inside would send every border again: 32 and 89 kB.
import { useEffect, useRef } from 'react'
import type { ExpressionSpecification, MapMouseEvent, VectorTileSource } from 'maplibre-gl'
import { useDay } from '../api/start'
import { changeView, currentView, levelBelow, sameUnit, useView, type Unit } from '../state'
import { useSameBoundaries } from './boundaries'
import { useMap } from './context'
import type { Figure } from './figures'
import { pointAt, usePointed } from './pointed'
import { addUnitLayers, removeUnitLayers, tileLayers } from './units_style'
import { useTiles } from './tiles'
import { useWithin } from './within'

type Level = Unit['level']
export type Hover = { code: string; x: number; y: number } | null

const unitOf = (level: Level, event: MapMouseEvent & { features?: { properties: Record<string, unknown> }[] }): Unit | null => {
  const code = event.features?.[0]?.properties['code']
  return typeof code === 'string' ? { level, code } : null
}

/** Goes into a unit: the map shows its parts. */
export function enter(unit: Unit) {
  const parts = unit.level === 'HAMLET' ? null : unit
  if (parts) changeView({ within: parts, level: null, at: null, unit: unit })
}

export function Units(props: { level: Level; rows: Figure[]; colours: string[]; label: (figure: Figure) => string; onHover: (hover: Hover) => void }) {
  const { level, rows, colours, label, onHover } = props
  const map = useMap()
  const view = useView()
  const within = useWithin()
  const [day] = useDay()
  const boundaries = view.boundariesAsOf ?? day
  const same = useSameBoundaries(boundaries)
  // It is known when districts and communes changed; hamlets may have on any day.
  const source = useTiles('AGGREGATES')
  const tiles = same && source !== null && `${location.origin}/tiles/units/{z}/{x}/{y}.mvt?figures=${source.may ? 'coverage' : 'published'}&level=${level}&asOf=${level === 'HAMLET' ? boundaries : same}${source.within}`
  const some = Boolean(tiles)
  const pointed = usePointed()
  const drawn = useRef<string[]>([])

  useEffect(() => {
    if (!some) return
    addUnitLayers(map)
    drawn.current = []
    return () => removeUnitLayers(map)
  }, [map, some])

  useEffect(() => {
    if (tiles) map.getSource<VectorTileSource>('units')?.setTiles([tiles])
  }, [map, tiles])

  // The figures. A unit that has none here, because it lies elsewhere or is filtered out, stays plain.
  useEffect(() => {
    if (!some) return
    const codes = new Set(rows.map((row) => row.code))
    for (const sourceLayer of tileLayers) {
      for (const code of drawn.current) if (!codes.has(code)) map.removeFeatureState({ source: 'units', sourceLayer, id: code })
      for (const row of rows) {
        const colour = row.class === null ? null : colours[row.class]
        map.setFeatureState({ source: 'units', sourceLayer, id: row.code }, { shown: true, none: row.class === null, colour: colour ?? '#fff' })
      }
    }
    drawn.current = [...codes]
  }, [map, some, rows, colours])

  useEffect(() => {
    if (!some) return
    const texts = rows.flatMap((row) => [row.code, label(row)])
    const figure = texts.length ? (['match', ['get', 'code'], ...texts, ''] as unknown as ExpressionSpecification) : ''
    map.setLayoutProperty('unit-label', 'text-field', ['format', ['get', 'name'], {}, '\n', {}, figure, { 'font-scale': 0.86 }])
  }, [map, some, rows, colours, label])

  useEffect(() => {
    if (!some) return
    const chosen = view.unit?.level === level ? view.unit.code : ''
    map.setFilter('unit-chosen', ['==', ['get', 'code'], chosen])
    map.setFilter('unit-chosen-case', ['==', ['get', 'code'], chosen])
  }, [map, some, level, view.unit])

  useEffect(() => {
    if (some) map.setFilter('unit-hover', ['==', ['get', 'code'], pointed.find((one) => one.level === level)?.code ?? ''])
  }, [map, some, level, pointed])

  useEffect(() => {
    const heard = [
      map.on('mousemove', 'unit-fill', (event) => {
        const code = unitOf(level, event)?.code
        map.getCanvas().style.cursor = code ? 'pointer' : ''
        if (!code) return
        pointAt([{ level, code }])
        onHover({ code, x: event.point.x, y: event.point.y })
      }),
      map.on('mouseleave', 'unit-fill', () => {
        map.getCanvas().style.cursor = ''
        pointAt([])
        onHover(null)
      }),
      map.on('click', 'unit-fill', (event) => {
        const unit = unitOf(level, event)
        const onSite = map.getLayer('plan-site') && map.queryRenderedFeatures(event.point, { layers: ['plan-site'] }).length > 0
        if (unit && !onSite && !event.defaultPrevented) changeView(sameUnit(unit, currentView().unit) ? { unit: null } : { unit, panel: 'unit' })
      }),
      map.on('dblclick', 'unit-fill', (event) => {
        const unit = unitOf(level, event)
        if (!unit || unit.level === levelBelow('COMMUNE')) return // a hamlet has no parts: the map goes nearer
        event.preventDefault()
        enter(unit)
      }),
    ]
    return () => heard.forEach((one) => one.unsubscribe())
  }, [map, level, onHover])

  // What lies around the unit that the map is within is named less loudly.
  useEffect(() => {
    if (some) map.setFilter('unit-label', within?.level === 'COMMUNE' ? ['==', ['get', 'parentCode'], within.code] : null)
  }, [map, some, within?.level, within?.code])
  return null
}
