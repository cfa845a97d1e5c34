// The map, for what lies outside of it: the picture, the print view. And its tiles, when data have changed.
import { useEffect, useSyncExternalStore } from 'react'
import type { Map } from 'maplibre-gl'
import { onDrawn } from '../live/refresh'
import { useMap } from '../map/context'

let shown: Map | null = null
const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
function show(map: Map | null) {
  shown = map
  for (const listener of listeners) listener()
}

/** The map on the screen; null where there is none. */
export const useShownMap = () => useSyncExternalStore(subscribe, () => shown)

/** Stands inside MapContext. */
export function Shown() {
  const map = useMap()
  useEffect(() => {
    show(map)
    // Those drawn stay until the others are there; what has not changed is answered by 304.
    const stop = onDrawn(() => {
      for (const [id, source] of Object.entries(map.getStyle().sources)) {
        if (source.type === 'vector' && source.tiles?.some((tile) => tile.startsWith(`${location.origin}/tiles/`))) map.refreshTiles(id)
      }
    })
    return () => {
      stop()
      show(null)
    }
  }, [map])
  return null
}
