// Where the map looks: at the whole of the unit that it is within, until a person moves it.
import { useEffect, useRef } from 'react'
import type { LngLatBoundsLike } from 'maplibre-gl'
import { changeView, currentView, useView } from '../state'
import { useMap } from './context'
import { usePlace } from './place'

/** Movements are steps without motion for whoever asked their system for that. */
export const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches

export function Camera() {
  const map = useMap()
  const { at } = useView()
  const place = usePlace()
  useEffect(() => {
    const moved = map.on('moveend', (event) => {
      if (!('originalEvent' in event) || !event.originalEvent) return // the map moved itself
      const { lng, lat } = map.getCenter()
      changeView({ at: { longitude: lng, latitude: lat, zoom: map.getZoom() } }, 'replace')
    })
    return () => moved.unsubscribe()
  }, [map])
  const bounds = place?.bbox?.join()
  const placed = useRef(false) // a map that has not looked anywhere yet has nowhere to move from
  useEffect(() => {
    if (at) {
      const centre = map.getCenter()
      const here = Math.abs(centre.lng - at.longitude) < 1e-4 && Math.abs(centre.lat - at.latitude) < 1e-4 && Math.abs(map.getZoom() - at.zoom) < 0.01
      if (!here && currentView().at === at) map.jumpTo({ center: [at.longitude, at.latitude], zoom: at.zoom })
    } else if (bounds) {
      const [west, south, east, north] = bounds.split(',').map(Number)
      const narrow = map.getContainer().clientWidth < 640
      map.fitBounds([west, south, east, north] as LngLatBoundsLike, { padding: narrow ? { top: 56, bottom: 56, left: 16, right: 16 } : { top: 64, bottom: 40, left: 260, right: 40 }, animate: placed.current && !still() && map.loaded(), duration: 700 })
    }
    placed.current ||= at !== null || bounds !== undefined
  }, [map, at, bounds])
  return null
}
