// What a person sees where there is nothing to see: the server is gone, nothing is loaded yet, or this page has failed.
import { Component, type ReactNode } from 'react'
import icon from '../icon.svg'
import { useText, type Failure } from '../text/text'
import { ImportLine, useListening } from './state'

function Message({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="message">
      <img src={icon} alt="" width="56" height="56" />
      <h1>{title}</h1>
      {children}
    </main>
  )
}

export function Gone({ error, again }: { error: Failure; again: () => void }) {
  const { t, failed } = useText()
  useListening()
  return (
    <Message title={t('broken.gone')}>
      <p role="alert">{failed(error)}</p>
      <p className="dim">{t('broken.waiting')}</p>
      <button type="button" className="primary" onClick={again}>
        {t('data.again')}
      </button>
    </Message>
  )
}

export function Empty() {
  const { t } = useText()
  useListening()
  return (
    <Message title={t('broken.empty')}>
      <p>{t('broken.emptyHow')}</p>
      <pre>
        <code>vunglom import {t('broken.folder')}</code>
      </pre>
      <p>{t('broken.emptyDemo')}</p>
      <pre>
        <code>vunglom demo</code>
      </pre>
      <ImportLine />
    </Message>
  )
}

function Failed({ error }: { error: Error }) {
  const { t } = useText()
  return (
    <Message title={t('broken.title')}>
      <p role="alert">{error.message}</p>
      <p className="row">
        <button type="button" className="primary" onClick={() => location.reload()}>
          {t('broken.again')}
        </button>
        <a className="tool" href="/">
          {t('broken.fresh')}
        </a>
      </p>
    </Message>
  )
}

/** Keeps what is outside of it standing where something inside fails. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null }
  static getDerivedStateFromError = (error: unknown) => ({ error: error instanceof Error ? error : new Error(String(error)) })
  override render() {
    return this.state.error ? <Failed error={this.state.error} /> : this.props.children
  }
}
