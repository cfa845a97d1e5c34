// The link to what is shown.
import { useEffect, useRef, useState } from 'react'
import { useDay } from '../api/start'
import { currentView, writeView } from '../state'
import { useText } from '../text/text'
import './export.css'

/** Puts a text on the clipboard. Without https a browser has only the old way; false: neither worked. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    field.className = 'hidden'
    document.body.append(field)
    field.select()
    try {
      return document.execCommand('copy') // deprecated, and the only way on plain http
    } catch {
      return false
    } finally {
      field.remove()
    }
  }
}

export function Share() {
  const { t } = useText()
  const [day] = useDay()
  const button = useRef<HTMLButtonElement>(null)
  const [said, setSaid] = useState<'copied' | { link: string } | null>(null)
  useEffect(() => {
    if (said !== 'copied') return
    const timer = setTimeout(() => setSaid(null), 4000)
    return () => clearTimeout(timer)
  }, [said])
  // The day stands in the link even where it is the last one: later data would move that.
  const link = () => `${location.origin}${location.pathname}?${writeView({ ...currentView(), asOf: day })}`
  const close = () => {
    setSaid(null)
    button.current?.focus()
  }
  return (
    <div className="menu">
      <button
        ref={button}
        type="button"
        className="tool"
        title={t('share.label')}
        onClick={() => {
          const text = link()
          void copy(text).then((done) => setSaid(done ? 'copied' : { link: text }))
        }}
      >
        <i className="icon link-icon" /> <span>{t('share.button')}</span>
      </button>
      <p className="bubble" role="status">
        {said === 'copied' && t('share.copied')}
      </p>
      {said !== null && said !== 'copied' && (
        <div className="card popover">
          <label>
            {t('share.byHand')}
            {/* eslint-disable-next-line jsx-a11y/no-autofocus -- a person asked for the link */}
            <input autoFocus readOnly value={said.link} onFocus={(event) => event.target.select()} onBlur={() => setSaid(null)} onKeyDown={(event) => event.key === 'Escape' && close()} />
          </label>
        </div>
      )}
    </div>
  )
}
