// What stands at a point: addresses by the status of their household, teams, service points. Each is told apart by shape
// and rim too, not by colour alone.
import { useEffect } from 'react'
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'
import { useDay } from '../api/start'
import { useView, type Layer } from '../state'
import { useMap } from './context'
import { font } from './units_style'

export const statuses = ['GUIDED', 'ATTEMPTED', 'NOT_VISITED', 'UNKNOWN', 'INELIGIBLE'] as const
export type Status = (typeof statuses)[number]
/** Fill, rim and radius of an address by status; Okabe and Ito's colours. */
export const marks: Record<Status, { fill: string; rim: string; radius: number }> = {
  GUIDED: { fill: '#0072b2', rim: '#ffffff', radius: 3 },
  ATTEMPTED: { fill: '#ffffff', rim: '#b87800', radius: 3.5 },
  NOT_VISITED: { fill: '#d55e00', rim: '#3d1b00', radius: 4 },
  UNKNOWN: { fill: '#ffffff', rim: '#52636e', radius: 3 },
  INELIGIBLE: { fill: '#9aa7ae', rim: '#ffffff', radius: 2.5 },
}
export const signs = { teams: { sign: '▲', colour: '#7a1f6b' }, service_points: { sign: '◆', colour: '#8a1c1c' } } as const
/** From this zoom on addresses are drawn; further out they would hide the map, and a tile of a province takes seconds. */
export const addressZoom = 10

const byStatus = (of: (status: Status) => string | number, other: string | number) =>
  ['match', ['get', 'status'], ...statuses.flatMap((status) => [status, of(status)]), other] as unknown as ExpressionSpecification
const scaled = (factor: number, radius: ExpressionSpecification) => ['*', factor, radius] as ExpressionSpecification
const radius = byStatus((status) => marks[status].radius, 2)
const reachable: ExpressionSpecification = ['+', ['get', 'guided'], ['get', 'attempted'], ['get', 'notVisited'], ['get', 'unknown']]

const sign = (layer: 'teams' | 'service_points'): LayerSpecification => ({
  id: layer,
  type: 'symbol',
  source: layer,
  'source-layer': layer,
  layout: { 'text-field': signs[layer].sign, 'text-font': font, 'text-size': ['interpolate', ['linear'], ['zoom'], 7, 8, 12, 18], 'text-allow-overlap': true, 'text-ignore-placement': true },
  paint: { 'text-color': signs[layer].colour, 'text-halo-color': '#ffffff', 'text-halo-width': 1.5 },
})

const drawn: Record<Layer, LayerSpecification[]> = {
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
        'circle-color': ['interpolate', ['linear'], ['/', ['get', 'guided'], ['max', 1, reachable]], 0, '#d55e00', 0.5, '#f3e3c3', 1, '#0072b2'],
        'circle-radius': ['interpolate', ['linear'], ['sqrt', ['get', 'addresses']], 1, 1.5, 10, 6, 30, 12],
        'circle-opacity': 0.85,
        'circle-stroke-color': '#ffffff',
        'circle-stroke-width': 0.7,
      },
    },
  ],
  teams: [sign('teams')],
  service_points: [sign('service_points')],
}

function PointLayer({ name }: { name: Layer }) {
  const map = useMap()
  const [day] = useDay()
  useEffect(() => {
    if (!day) return
    map.addSource(name, { type: 'vector', tiles: [`${location.origin}/tiles/${name}/{z}/{x}/{y}.mvt?asOf=${day}`], minzoom: name === 'addresses' ? addressZoom : 0, maxzoom: name === 'addresses' ? 15 : 10 })
    for (const layer of drawn[name]) map.addLayer(layer)
    return () => {
      for (const layer of drawn[name]) map.removeLayer(layer.id)
      map.removeSource(name)
    }
  }, [map, name, day])
  return null
}

export function Points() {
  const { layers } = useView()
  return layers.map((name) => <PointLayer key={name} name={name} />)
}
