// The map, for what is drawn on it.
import { createContext, useContext } from 'react'
import type { Map } from 'maplibre-gl'

export const MapContext = createContext<Map | null>(null)

/** The map, whose style is loaded. Only inside MapPane. */
export function useMap(): Map {
  const map = useContext(MapContext)
  if (!map) throw new Error('useMap is for what is inside MapPane')
  return map
}

const removed = new WeakSet<Map>()

/** Takes the map from the page, with all that is on it. */
export function removeMap(map: Map) {
  removed.add(map)
  map.remove()
}

/** Takes layers and then sources from the map. When all of the page goes, the map goes before what is drawn on it and has none any more. */
export function undraw(map: Map, layers: string[], ...sources: string[]) {
  if (removed.has(map)) return
  for (const id of layers) if (map.getLayer(id)) map.removeLayer(id)
  for (const id of sources) if (map.getSource(id)) map.removeSource(id)
}
