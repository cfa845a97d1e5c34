// How units are drawn.
import type { ExpressionSpecification, LayerSpecification, Map } from 'maplibre-gl'
import { undraw } from './context'
import { hatch } from './hatch'

/** The layers of a tile of units that have feature state. */
export const tileLayers = ['units', 'unit_labels'] as const

const state = (name: string): ['feature-state', string] => ['feature-state', name]
/** What there is where there is nothing. */
export const ground: LayerSpecification = { id: 'ground', type: 'background', paint: { 'background-color': '#eef3f5' } }
/** Layers that draw nothing and keep the order: units below `points`, then points, then `labels`, then names. */
export function addAnchors(map: Map) {
  for (const id of ['points', 'labels']) map.addLayer({ id, type: 'background', layout: { visibility: 'none' } })
}
/** Local fonts: there is no glyph server, and MapLibre draws letters itself where a style names none. */
export const font = ['system-ui', 'Noto Sans', 'DejaVu Sans', 'sans-serif']

/** What lies around is thinner, so that a basemap is seen through it. */
const opacity = (shown: number): ExpressionSpecification => ['case', ['boolean', state('shown'), false], shown, shown / 2]

export function addUnitLayers(map: Map) {
  if (!map.hasImage('hatch')) map.addImage('hatch', hatch(), { pixelRatio: 2 })
  map.addSource('units', { type: 'vector', tiles: [], maxzoom: 14, promoteId: { units: 'code', unit_labels: 'code' } })
  const units = { source: 'units', 'source-layer': 'units' } as const
  map.addLayer({ id: 'unit-fill', type: 'fill', ...units, paint: { 'fill-color': ['case', ['boolean', state('shown'), false], ['coalesce', ['to-color', state('colour')], '#ffffff'], '#e6ebee'], 'fill-opacity': ['interpolate', ['linear'], ['zoom'], 11, opacity(0.95), 14, opacity(0.55)] } }, 'points')
  map.addLayer({ id: 'unit-none', type: 'fill', ...units, paint: { 'fill-pattern': 'hatch', 'fill-opacity': ['case', ['boolean', state('none'), false], 1, 0] } }, 'points')
  map.addLayer({ id: 'unit-line', type: 'line', ...units, paint: { 'line-color': '#5b6f78', 'line-width': ['interpolate', ['linear'], ['zoom'], 6, 0.3, 10, 0.8, 14, 1.4], 'line-opacity': 0.75 } }, 'points')
  map.addLayer({ id: 'unit-hover', type: 'line', ...units, filter: ['==', ['get', 'code'], ''], paint: { 'line-color': '#17242c', 'line-width': 2 } }, 'points')
  map.addLayer({ id: 'unit-chosen-case', type: 'line', ...units, filter: ['==', ['get', 'code'], ''], layout: { 'line-join': 'round' }, paint: { 'line-color': '#ffffff', 'line-width': 6 } }, 'points')
  map.addLayer({ id: 'unit-chosen', type: 'line', ...units, filter: ['==', ['get', 'code'], ''], layout: { 'line-join': 'round' }, paint: { 'line-color': '#c2410c', 'line-width': 3 } }, 'points')
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
  undraw(map, ['unit-label', 'unit-chosen', 'unit-chosen-case', 'unit-hover', 'unit-line', 'unit-none', 'unit-fill'], 'units')
}
