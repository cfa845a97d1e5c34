// The panel and its tabs. A panel is a file of this folder with one component, and a line here.
import { lazy, Suspense, type ComponentType, type KeyboardEvent } from 'react'
import { NotHere } from '../access/not_here'
import { somewhere, useMe, useRights } from '../access/rights'
import type { Right } from '../api/documents'
import { changeView, useView, type Panel } from '../state'
import { useText } from '../text/text'

const all: { name: Panel; needs?: Right; Content: ComponentType }[] = [
  { name: 'overview', Content: lazy(() => import('./overview').then((module) => ({ default: module.Overview }))) },
  { name: 'gaps', needs: 'DECISIONS', Content: lazy(() => import('./gaps').then((module) => ({ default: module.Gaps }))) },
  { name: 'unit', Content: lazy(() => import('./unit').then((module) => ({ default: module.Unit }))) },
  { name: 'plan', needs: 'DECISIONS', Content: lazy(() => import('./plan').then((module) => ({ default: module.Plan }))) },
]

export function Panels() {
  const { t } = useText()
  const view = useView()
  const me = useMe()
  const rights = useRights()
  // What who asks may see nowhere is not there, unless the address leads to it.
  const panels = all.filter((one) => !one.needs || !me || somewhere(me, one.needs) || one.name === view.panel)
  const shown = panels.find((one) => one.name === view.panel) ?? panels[0]
  if (!shown) return null
  // Arrows move between tabs, as in every row of tabs.
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const next = by && panels[(panels.indexOf(shown) + by + panels.length) % panels.length]
    if (!next) return
    event.preventDefault()
    changeView({ panel: next.name })
    document.getElementById(`tab-${next.name}`)?.focus()
  }
  return (
    <aside id="panel" className="panel" aria-label={t('panel.label')}>
      <div role="tablist" aria-label={t('panel.label')}>
        {panels.map(({ name }) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === shown.name}
            aria-controls="panel-content"
            tabIndex={name === shown.name ? 0 : -1}
            onClick={() => changeView({ panel: name })}
            onKeyDown={step}
          >
            {t(`panel.${name}`)}
          </button>
        ))}
      </div>
      <div id="panel-content" role="tabpanel" aria-labelledby={`tab-${shown.name}`} tabIndex={0}>
        <Suspense fallback={<p aria-busy="true">{t('data.loading')}</p>}>
          {!shown.needs || rights?.has(shown.needs) ? <shown.Content /> : rights ? <NotHere right={shown.needs} title={t(`panel.${shown.name}`)} /> : <p aria-busy="true">{t('data.loading')}</p>}
        </Suspense>
      </div>
    </aside>
  )
}
