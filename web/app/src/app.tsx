// The one screen: header, map (or its table), panel, day.
import { lazy, Suspense } from 'react'
import { Notice } from './access/account'
import { useAccess } from './access/rights'
import { useNewest, useStart } from './api/start'
import { Header } from './header/header'
import { Boundary, Empty, Gone } from './live/broken'
import { ImportLine } from './live/state'
import { Panels } from './panel/panels'
import { Paper } from './print/paper'
import { useText } from './text/text'

const MapPane = lazy(() => import('./map/pane').then((module) => ({ default: module.MapPane })))

export function App() {
  return (
    <Boundary>
      <Screen />
    </Boundary>
  )
}

function Screen() {
  const { t, failed } = useText()
  const { data, error, again } = useStart()
  const place = useAccess(data?.me, useNewest())
  if (error && !data) return <Gone error={error} again={again} />
  if (data?.datasets.length === 0) return <Empty />
  return (
    <>
      <a className="skip" href="#panel">
        {t('app.skipToPanel')}
      </a>
      <Header />
      <div className="notices">
        <Notice />
        {place.error && (
          <div className="notice" role="alert">
            <p>{failed(place.error)}</p>
            <button type="button" onClick={place.again}>
              {t('data.again')}
            </button>
          </div>
        )}
      </div>
      <main>
        <Suspense fallback={<div className="map loading" aria-busy="true" />}>
          <MapPane />
        </Suspense>
      </main>
      <Panels />
      <ImportLine />
      <Paper />
    </>
  )
}
