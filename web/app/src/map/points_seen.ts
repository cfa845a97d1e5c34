// The points that the map shows now, for whoever reads them: what the tiles say of each that lies in view.
import { useEffect, useState } from 'react'
import type { Map } from 'maplibre-gl'
import type { Layer } from '../state'
import { statuses, type Status } from './marks'
import { drawn } from './points'

export type Point = { layer: string; properties: Record<string, string | number | boolean> }
/** Of one layer: its points, each once, and how many addresses of each status there are, those that stand together in one dot too. */
export type Seen = { points: Point[]; counts: Record<Status, number> }

/** A bin's counts by what its tile calls them. */
export const bins = { guided: 'GUIDED', attempted: 'ATTEMPTED', notVisited: 'NOT_VISITED', unknown: 'UNKNOWN', ineligible: 'INELIGIBLE' } as const satisfies Record<string, Status>

/** Sorts out what is drawn: a point may be drawn in two tiles, or by two layers of one source. */
export function seenOf(drawn: Point[], compare: (a: string, b: string) => number): Seen {
  const counts = Object.fromEntries(statuses.map((status) => [status, 0])) as Seen['counts']
  const points: Record<string, Point> = {}
  for (const { layer, properties } of drawn) {
    if (layer === 'address-bins') {
      for (const [name, status] of Object.entries(bins)) counts[status] += Number(properties[name] ?? 0)
      continue
    }
    const key = [properties['province'], properties['scheme'], properties['code']].join()
    if (key in points) continue
    points[key] = { layer, properties }
    const status = statuses.find((one) => one === properties['status'])
    if (status) counts[status]++
  }
  const text = ({ properties: of }: Point) => String(of['name'] ?? of['code'])
  return { points: Object.values(points).sort((a, b) => compare(text(a), text(b))), counts }
}

/** The points of a layer that the map shows, again whenever it has come to rest; null before. */
export function useSeen(map: Map | null, name: Layer, language: string): Seen | null {
  const [seen, setSeen] = useState<Seen | null>(null)
  useEffect(() => {
    if (!map) return
    const collator = new Intl.Collator(language, { numeric: true })
    const look = () => {
      const layers = drawn[name].map((layer) => layer.id).filter((id) => map.getLayer(id))
      const found = layers.length > 0 ? map.queryRenderedFeatures({ layers }) : []
      setSeen(seenOf(found.map(({ layer, properties }) => ({ layer: layer.id, properties })), (a, b) => collator.compare(a, b)))
    }
    const heard = map.on('idle', look)
    map.triggerRepaint() // it may be idle already
    return () => heard.unsubscribe()
  }, [map, name, language])
  return seen
}
