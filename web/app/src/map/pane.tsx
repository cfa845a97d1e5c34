// The map, and what lies on it: a component a layer, and cards over it.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { AttributionControl, Map, NavigationControl, ScaleControl, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { authorization } from '../access/session'
import { useSettings } from '../api/settings'
import { DayBar } from '../day/day'
import { changeView, currentView, useView } from '../state'
import { Shown } from '../print/shown'
import { useText } from '../text/text'
import { Camera } from './camera'
import { ChosenCard, HoverCard, Lines } from './card'
import { MapContext, removeMap } from './context'
import { useFigures, type Figure } from './figures'
import { Kept } from './kept'
import { Legend } from './legend'
import { useMeasure } from './measure'
import { Path } from './path'
import { PlanLayer } from './plan'
import { PointCard, type Tip } from './point_card'
import { Points, PointsPurpose } from './points'
import { PointTables } from './points_table'
import { Table } from './table'
import { enter, Units, type Hover } from './units'
import { addAnchors, ground } from './units_style'
import { canDraw } from './webgl'
import './map.css'

setWorkerUrl(workerUrl)

export function MapPane() {
  const { t, failed } = useText()
  const view = useView()
  const settings = useSettings()
  const container = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<Map | null>(null)
  const [hover, setHover] = useState<Hover>(null)
  const [tip, setTip] = useState<Tip>(null)
  const { rows, classes, none, level, error, fetching } = useFigures()
  const { value } = useMeasure()
  const colours = useMemo(() => classes?.map((one) => one.color) ?? [], [classes])
  const label = useCallback((figure: Figure) => (figure.value === null ? '' : value(figure.value)), [value])

  const basemap = settings?.basemapStyle
  useEffect(() => {
    if (!container.current || !settings || !canDraw()) return
    const made = new Map({
      container: container.current,
      style: basemap ?? { version: 8, sources: {}, layers: [ground] },
      center: [105.2, 9.05],
      zoom: 8,
      maxZoom: 18,
      transformRequest: (url) => (url.startsWith(`${location.origin}/tiles/`) ? { url, headers: authorization() } : { url }),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
    })
    made.touchZoomRotate.disableRotation()
    made.addControl(new NavigationControl({ showCompass: false }), 'top-right')
    made.addControl(new ScaleControl(), 'bottom-right')
    made.addControl(new AttributionControl({ compact: true }), 'bottom-right')
    // For whoever waits for the picture: printing, saving, tests.
    const say = (drawn: 'true' | 'false') => () => {
      made.getContainer().dataset['drawn'] = drawn
    }
    made.on('idle', say('true'))
    made.on('dataloading', say('false'))
    made.on('movestart', say('false'))
    made.once('style.load', () => {
      addAnchors(made)
      setMap(made)
    })
    return () => {
      setMap(null)
      removeMap(made)
    }
  }, [settings, basemap])

  useEffect(() => {
    if (!map) return
    const canvas = map.getCanvas()
    canvas.setAttribute('aria-label', t('map.label'))
    const names = { '.maplibregl-ctrl-zoom-in': t('map.nearer'), '.maplibregl-ctrl-zoom-out': t('map.further') }
    for (const [selector, name] of Object.entries(names)) {
      const button = map.getContainer().querySelector(selector)
      button?.setAttribute('aria-label', name)
      button?.setAttribute('title', name)
    }
  }, [map, t])

  const figureOf = (code: string | undefined) => rows?.find((row) => row.code === code)
  const hovered = figureOf(hover?.code)
  const chosen = view.unit && view.unit.level === level ? figureOf(view.unit.code) : undefined
  const tabled = view.table || !canDraw()
  const drawn = useDrawn(map, rows !== undefined, tabled)
  return (
    <>
      <div className={tabled ? 'stage tabled' : 'stage'} aria-busy={fetching}>
        <div className="map" ref={container} inert={tabled} />
        {map && level && (
          <MapContext value={map}>
            <Camera />
            <Units level={level} rows={rows ?? noRows} colours={colours} label={label} onHover={setHover} />
            <Points onTip={setTip} />
            <Shown />
            <PlanLayer />
          </MapContext>
        )}
        {tabled && (
          <div className="tables">
            {rows && classes && level && <Table rows={rows} classes={classes} level={level} />}
            <PointTables map={map} />
          </div>
        )}
        <div className="over">
          <Path />
          <Kept />
          {canDraw() ? (
            <button type="button" className="card" aria-pressed={tabled} onClick={() => changeView({ table: !currentView().table })}>
              {tabled ? t('map.showMap') : t('map.showTable')}
            </button>
          ) : (
            <p className="card">{t('broken.noMap')}</p>
          )}
          <PointsPurpose map={map} />
        </div>
        {classes && <Legend classes={classes} none={none ?? 0} level={level} />}
        {!tabled && !tip && hover && hovered && hovered !== chosen && (
          <HoverCard x={hover.x} y={hover.y}>
            <Lines figure={hovered} />
          </HoverCard>
        )}
        {!tabled && tip && <PointCard {...tip} />}
        {!tabled && chosen && level && (
          <ChosenCard
            figure={chosen}
            onEnter={level === 'HAMLET' ? null : () => enter({ level, code: chosen.code })}
            onClose={() => changeView({ unit: null })}
          />
        )}
        <p className="status" role="status">
          {error ? failed(error) : fetching && !rows ? t('data.loading') : rows?.length === 0 ? t('map.empty') : ''}
        </p>
      </div>
      <DayBar drawn={drawn} />
    </>
  )
}

const noRows: Figure[] = []

/** Whether the figures have been drawn once, on the map or in the table. */
function useDrawn(map: Map | null, some: boolean, tabled: boolean) {
  const [drawn, setDrawn] = useState(false)
  useEffect(() => {
    if (!map || !some) return
    const heard = map.on('idle', () => setDrawn(true))
    map.triggerRepaint() // it may be idle already
    return () => heard.unsubscribe()
  }, [map, some])
  return drawn || (some && tabled)
}
