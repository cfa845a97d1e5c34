// The plan on the map: what each site reaches, and its number in the order of founding.
import { useEffect, useMemo } from 'react'
import type { Feature } from 'geojson'
import type { GeoJSONSource } from 'maplibre-gl'
import { placeOf, pointAtSite, usePlan, usePointedSite } from '../panel/plan_answer'
import { useView } from '../state'
import { still } from './camera'
import { ringAround } from './circle'
import { undraw, useMap } from './context'
import { font } from './units_style'

const ids = ['plan-reach', 'plan-reach-line', 'plan-site', 'plan-order']
/** How long the sites take to appear, all of them, in milliseconds. */
const appearing = 2500

function Sites() {
  const map = useMap()
  const { planBox: box } = useView()
  const { plan, input } = usePlan()
  const pointed = usePointedSite()
  const data = useMemo(() => {
    const features: Feature[] = []
    for (const site of plan?.sites ?? []) {
      const place = placeOf(site)
      const properties = { order: site.order, gained: site.gained }
      features.push({ type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ringAround(place, input?.reachMetres ?? 0)] } })
      features.push({ type: 'Feature', properties, geometry: { type: 'Point', coordinates: place } })
    }
    return { type: 'FeatureCollection' as const, features }
  }, [plan, input])

  useEffect(() => {
    map.addSource('plan-box', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
    map.addLayer({ id: 'plan-box', type: 'line', source: 'plan-box', paint: { 'line-color': '#5a1a68', 'line-width': 2, 'line-dasharray': [3, 2] } })
    map.addSource('plan', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
    map.addLayer({ id: 'plan-reach', type: 'fill', source: 'plan', filter: false, paint: { 'fill-color': '#7b2d8b', 'fill-opacity': 0.18 } })
    map.addLayer({ id: 'plan-reach-line', type: 'line', source: 'plan', filter: false, paint: { 'line-color': '#7b2d8b', 'line-width': 1.2 } })
    map.addLayer({
      id: 'plan-site',
      type: 'circle',
      source: 'plan',
      filter: false,
      paint: { 'circle-color': '#5a1a68', 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 2, 'circle-radius': ['interpolate', ['linear'], ['zoom'], 7, 8, 12, 12] },
    })
    map.addLayer({
      id: 'plan-order',
      type: 'symbol',
      source: 'plan',
      filter: false,
      layout: { 'text-field': ['to-string', ['get', 'order']], 'text-font': font, 'text-size': ['interpolate', ['linear'], ['zoom'], 7, 10, 12, 13], 'text-allow-overlap': true, 'text-ignore-placement': true, 'symbol-sort-key': ['-', 0, ['get', 'order']] },
      paint: { 'text-color': '#ffffff' },
    })
    const heard = [
      map.on('mousemove', ['plan-site'], ({ features }) => {
        map.getCanvas().style.cursor = 'pointer'
        pointAtSite(Number(features?.[0]?.properties['order'] ?? 0))
      }),
      map.on('mouseleave', ['plan-site'], () => {
        map.getCanvas().style.cursor = ''
        pointAtSite(0)
      }),
      // A finger does not hover.
      map.on('click', ['plan-site'], ({ features }) => pointAtSite(Number(features?.[0]?.properties['order'] ?? 0))),
    ]
    return () => {
      heard.forEach((one) => one.unsubscribe())
      pointAtSite(0)
      undraw(map, [...ids, 'plan-box'], 'plan', 'plan-box')
    }
  }, [map])

  useEffect(() => {
    const ring = box && [[box.west, box.south], [box.east, box.south], [box.east, box.north], [box.west, box.north], [box.west, box.south]]
    void map.getSource<GeoJSONSource>('plan-box')?.setData({ type: 'FeatureCollection', features: ring ? [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: ring } }] : [] })
  }, [map, box])

  // The sites appear in their order.
  useEffect(() => {
    void map.getSource<GeoJSONSource>('plan')?.setData(data)
    const last = data.features.length / 2
    const show = (upTo: number) => {
      for (const id of ids) {
        const shape = id.startsWith('plan-reach') ? 'Polygon' : 'Point'
        map.setFilter(id, ['all', ['==', ['geometry-type'], shape], ['<=', ['get', 'order'], upTo]])
      }
    }
    if (still() || last < 2) return show(last)
    let frame = 0
    const begun = performance.now()
    const step = (now: number) => {
      const upTo = Math.min(last, Math.ceil((last * (now - begun)) / appearing))
      show(upTo)
      if (upTo < last) frame = requestAnimationFrame(step)
    }
    frame = requestAnimationFrame(step)
    return () => cancelAnimationFrame(frame)
  }, [map, data])

  useEffect(() => {
    const at = ['==', ['get', 'order'], pointed] as ['==', ['get', string], number]
    map.setPaintProperty('plan-site', 'circle-color', ['case', at, '#c2410c', '#5a1a68'])
    map.setPaintProperty('plan-reach', 'fill-opacity', ['case', at, 0.45, 0.18])
    map.setPaintProperty('plan-reach-line', 'line-width', ['case', at, 3, 1.2])
  }, [map, pointed])
  return null
}

export function PlanLayer() {
  return useView().panel === 'plan' ? <Sites /> : null
}
