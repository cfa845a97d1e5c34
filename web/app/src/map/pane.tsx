// The map, and what is drawn on it: a component a layer.
import { useEffect, useRef, useState } from 'react'
import { Map, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { MapContext } from './context'

setWorkerUrl(workerUrl)

export function MapPane() {
  const container = useRef<HTMLDivElement>(null)
  const [loaded, setLoaded] = useState<Map | null>(null)
  useEffect(() => {
    if (!container.current) return
    const map = new Map({ container: container.current, style: { version: 8, sources: {}, layers: [] } })
    map.once('load', () => setLoaded(map))
    return () => {
      setLoaded(null)
      map.remove()
    }
  }, [])
  return (
    <>
      <div className="map" ref={container} />
      {loaded && <MapContext value={loaded}>{/* layers */}</MapContext>}
    </>
  )
}
