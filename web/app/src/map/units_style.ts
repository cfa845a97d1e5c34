// How units are drawn.
import type { Map } from 'maplibre-gl'
import { hatch } from './hatch'

/** The layers of a tile of units that have feature state. */
export const tileLayers = ['units', 'unit_labels'] as const

const state = (name: string): ['feature-state', string] => ['feature-state', name]
/** In front of what units are drawn: points stand above this layer. */
export const below = 'unit-label'
/** Local fonts: there is no glyph server, and MapLibre draws letters itself where a style names none. */
export const font = ['system-ui', 'Noto Sans', 'DejaVu Sans', 'sans-serif']

export function addUnitLayers(map: Map, tiles: string) {
  if (!map.hasImage('hatch')) map.addImage('hatch', hatch(), { pixelRatio: 2 })
  map.addSource('units', { type: 'vector', tiles: [tiles], maxzoom: 14, promoteId: { units: 'code', unit_labels: 'code' } })
  const units = { source: 'units', 'source-layer': 'units' } as const
  const first = map.getLayer('points-start') ? 'points-start' : undefined
  map.addLayer({ id: 'unit-fill', type: 'fill', ...units, paint: { 'fill-color': ['case', ['boolean', state('shown'), false], ['coalesce', ['to-color', state('colour')], '#ffffff'], '#e6ebee'], 'fill-opacity': ['interpolate', ['linear'], ['zoom'], 11, 0.95, 14, 0.55] } }, first)
  map.addLayer({ id: 'unit-none', type: 'fill', ...units, paint: { 'fill-pattern': 'hatch', 'fill-opacity': ['case', ['boolean', state('none'), false], 1, 0] } }, first)
  map.addLayer({ id: 'unit-line', type: 'line', ...units, paint: { 'line-color': '#5b6f78', 'line-width': ['interpolate', ['linear'], ['zoom'], 6, 0.3, 10, 0.8, 14, 1.4], 'line-opacity': 0.75 } }, first)
  map.addLayer({ id: 'unit-hover', type: 'line', ...units, filter: ['==', ['get', 'code'], ''], paint: { 'line-color': '#17242c', 'line-width': 2 } }, first)
  map.addLayer({ id: 'unit-chosen-case', type: 'line', ...units, filter: ['==', ['get', 'code'], ''], layout: { 'line-join': 'round' }, paint: { 'line-color': '#ffffff', 'line-width': 6 } }, first)
  map.addLayer({ id: 'unit-chosen', type: 'line', ...units, filter: ['==', ['get', 'code'], ''], layout: { 'line-join': 'round' }, paint: { 'line-color': '#c2410c', 'line-width': 3 } }, first)
  map.addLayer({
    id: 'unit-label',
    type: 'symbol',
    source: 'units',
    'source-layer': 'unit_labels',
    layout: { 'text-font': font, 'text-field': ['get', 'name'], 'text-size': ['interpolate', ['linear'], ['zoom'], 7, 10.5, 10, 12.5, 14, 15], 'text-max-width': 7, 'text-line-height': 1.15, 'text-padding': 3 },
    paint: { 'text-color': '#17242c', 'text-halo-color': 'rgba(255,255,255,0.92)', 'text-halo-width': 1.6, 'text-opacity': ['case', ['boolean', state('shown'), false], 1, 0.55] },
  })
}

export function removeUnitLayers(map: Map) {
  for (const id of ['unit-label', 'unit-chosen', 'unit-chosen-case', 'unit-hover', 'unit-line', 'unit-none', 'unit-fill']) if (map.getLayer(id)) map.removeLayer(id)
  if (map.getSource('units')) map.removeSource('units')
}
