// The one screen: header, map (or its table), panel, day.
import { lazy, Suspense } from 'react'
import { useStart } from './api/start'
import { reason } from './api/client'
import { Header } from './header/header'
import { Panels } from './panel/panels'
import { useText } from './text/text'

const MapPane = lazy(() => import('./map/pane').then((module) => ({ default: module.MapPane })))

export function App() {
  const { t } = useText()
  const { data, error, again } = useStart()
  if (error && !data) {
    return (
      <main className="message" role="alert">
        <p>{t('data.failed', { reason: reason(error) })}</p>
        <button type="button" onClick={again}>
          {t('data.again')}
        </button>
      </main>
    )
  }
  if (data?.datasets.length === 0) return <main className="message">{t('data.empty')}</main>
  return (
    <>
      <a className="skip" href="#panel">
        {t('app.skipToPanel')}
      </a>
      <Header />
      <main>
        <Suspense fallback={<div className="map loading" aria-busy="true" />}>
          <MapPane />
        </Suspense>
      </main>
      <Panels />
    </>
  )
}
