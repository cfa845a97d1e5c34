import { createContext, useContext } from 'react'
import type { Map } from 'maplibre-gl'

export const MapContext = createContext<Map | null>(null)

/** The map, whose style is loaded. Only inside MapPane. */
export function useMap(): Map {
  const map = useContext(MapContext)
  if (!map) throw new Error('useMap is for what is inside MapPane')
  return map
}
