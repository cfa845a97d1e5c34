// What stands at a point: addresses by the status of their household, teams, service points.
import { useEffect, useState } from 'react'
import type { ExpressionSpecification, LayerSpecification, Map, VectorTileSource } from 'maplibre-gl'
import { AskPurpose } from '../access/purpose'
import { usePurposeMissing } from '../access/session'
import { useDay } from '../api/start'
import { useView, type Layer } from '../state'
import { undraw, useMap } from './context'
import { marks, signs, statuses, type Status } from './marks'
import type { Tip } from './point_card'
import { useTiles } from './tiles'
import { font } from './units_style'

/** From this zoom on addresses are drawn; further out they would hide the map. */
export const addressZoom = 10

const byStatus = (of: (status: Status) => string | number, other: string | number) =>
  ['match', ['get', 'status'], ...statuses.flatMap((status) => [status, of(status)]), other] as unknown as ExpressionSpecification
const scaled = (factor: number, radius: ExpressionSpecification) => ['*', factor, radius] as ExpressionSpecification
const radius = byStatus((status) => marks[status].radius, 2)
const binRadius: ExpressionSpecification = ['interpolate', ['linear'], ['sqrt', ['get', 'addresses']], 1, 1.5, 10, 6, 30, 12]
/** Of a bin: the addresses whose household is on the register and can be guided, as in Coverage.share. Where there is none the share is unknown, not 0. */
const registered: ExpressionSpecification = ['+', ['get', 'guided'], ['get', 'attempted'], ['get', 'notVisited']]
const known = (one: ExpressionSpecification | string, other: string): ExpressionSpecification => ['case', ['>', registered, 0], one, other]

const sign = (layer: 'teams' | 'service_points'): LayerSpecification => ({
  id: layer,
  type: 'symbol',
  source: layer,
  'source-layer': layer,
  layout: { 'text-field': signs[layer].sign, 'text-font': font, 'text-size': ['interpolate', ['linear'], ['zoom'], 7, 8, 12, 18], 'text-allow-overlap': true, 'text-ignore-placement': true },
  paint: { 'text-color': signs[layer].colour, 'text-halo-color': '#ffffff', 'text-halo-width': 1.5 },
})

/** The layers of the map that draw each of ours. */
export const drawn: Record<Layer, LayerSpecification[]> = {
  addresses: [
    {
      id: 'addresses',
      type: 'circle',
      source: 'addresses',
      'source-layer': 'addresses',
      filter: ['has', 'status'],
      paint: {
        'circle-color': byStatus((status) => marks[status].fill, '#cccccc'),
        'circle-stroke-color': byStatus((status) => marks[status].rim, '#888888'),
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 11, scaled(0.5, radius), 14, radius, 17, scaled(2, radius)],
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 11, 0.4, 14, 1.2],
      },
    },
    {
      id: 'address-bins',
      type: 'circle',
      source: 'addresses',
      'source-layer': 'address_bins',
      paint: {
        'circle-color': known(['interpolate', ['linear'], ['/', ['get', 'guided'], ['max', 1, registered]], 0, '#d55e00', 0.5, '#f3e3c3', 1, '#0072b2'], marks.UNKNOWN.fill),
        'circle-radius': ['interpolate', ['linear'], ['zoom'], addressZoom, scaled(0.6, binRadius), 12, binRadius],
        'circle-opacity': 0.75,
        'circle-stroke-color': known('#ffffff', marks.UNKNOWN.rim),
        'circle-stroke-width': 0.7,
      },
    },
  ],
  teams: [sign('teams')],
  service_points: [sign('service_points')],
}

function PointLayer({ name, onTip }: { name: Layer; onTip: (tip: Tip) => void }) {
  const map = useMap()
  const [day] = useDay()
  const source = useTiles('PERSONS')
  const unsaid = usePurposeMissing()
  const tiles = day && source && ((source.may && !unsaid) || name !== 'addresses') && `${location.origin}/tiles/${name}/{z}/{x}/{y}.mvt?asOf=${day}${name === 'addresses' ? source.within : ''}`
  const some = Boolean(tiles)
  useEffect(() => {
    if (!some) return
    map.addSource(name, { type: 'vector', tiles: [], minzoom: name === 'addresses' ? addressZoom : 0, maxzoom: name === 'addresses' ? 15 : 10 })
    for (const layer of drawn[name]) map.addLayer(layer, 'labels')
    const ids = drawn[name].map((layer) => layer.id)
    const heard = [
      map.on('mousemove', ids, ({ point, features }) => onTip(features?.[0] ? { x: point.x, y: point.y, layer: features[0].layer.id, properties: features[0].properties } : null)),
      map.on('mouseleave', ids, () => onTip(null)),
    ]
    return () => {
      heard.forEach((one) => one.unsubscribe())
      onTip(null)
      undraw(map, drawn[name].map((layer) => layer.id), name)
    }
  }, [map, name, some, onTip])
  // What is drawn stays until the other day's tiles are there.
  useEffect(() => {
    if (tiles) map.getSource<VectorTileSource>(name)?.setTiles([tiles])
  }, [map, name, tiles])
  return null
}

export function Points({ onTip }: { onTip: (tip: Tip) => void }) {
  const { layers } = useView()
  return layers.map((name) => <PointLayer key={name} name={name} onTip={onTip} />)
}

/** Asks why addresses are read, where they would be drawn and that has not been said. */
export function PointsPurpose({ map }: { map: Map | null }) {
  const { layers } = useView()
  const source = useTiles('PERSONS')
  const unsaid = usePurposeMissing()
  const [near, setNear] = useState(false)
  useEffect(() => {
    if (!map) return
    const look = () => setNear(map.getZoom() >= addressZoom)
    const heard = [map.on('zoomend', look), map.on('idle', look)]
    return () => heard.forEach((one) => one.unsubscribe())
  }, [map])
  return near && unsaid && source?.may && layers.includes('addresses') ? <AskPurpose /> : null
}
