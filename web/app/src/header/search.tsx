// Search: names without their marks, by keyboard first.
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { useQuery } from 'urql'
import { SearchDocument } from '../api/documents'
import { useDay } from '../api/start'
import { useChanges } from '../map/boundaries'
import { changeView, useView } from '../state'
import { useText } from '../text/text'
import { formerNames, goTo, hits, otherDay, type Hit } from './search_go'
import './search.css'

/** The value, once it has stood still for so long. */
function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}

export function Search() {
  const { t, day: written, failed } = useText()
  const view = useView()
  const [day] = useDay()
  const shown = view.boundariesAsOf ?? day ?? ''
  const changes = useChanges()
  const other = changes && otherDay(shown, changes)
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const asked = useSettled(text.trim().slice(0, 200), 120)
  const [{ data, error, fetching }] = useQuery({ query: SearchDocument, variables: { text: asked, asOf: shown, other: other ?? shown, also: other !== null }, pause: !asked || !shown })
  const found = asked && text.trim() ? hits(data, shown) : []
  const active = Math.min(at, found.length - 1)

  // "/" as on the web, Ctrl-K as in editors; not while something else is typed into.
  useEffect(() => {
    const key = (event: globalThis.KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest('input:not([type=range], [type=checkbox]), textarea, select, [contenteditable]')
      const slash = event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey
      const k = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey
      if (!slash && !k) return
      event.preventDefault()
      input.current?.focus()
      input.current?.select()
    }
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  }, [])

  const go = (hit: Hit) => {
    changeView(goTo(hit, document.querySelector('.stage')?.clientWidth ?? innerWidth))
    setText('')
    setOpen(false)
    input.current?.blur()
  }
  const key = (event: KeyboardEvent) => {
    const hit = found[active]
    if (event.key === 'Escape') {
      if (!open) setText('')
      setOpen(false)
    } else if (event.key === 'Enter' && open && hit && asked === text.trim()) go(hit)
    else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && found.length > 0) {
      event.preventDefault()
      setOpen(true)
      if (open) setAt((active + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % found.length)
    }
  }
  useEffect(() => void document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' }), [id, active])

  const listed = open && text.trim() !== ''
  const waiting = fetching || asked !== text.trim()
  const say = error ? failed(error) : waiting ? t('data.loading') : found.length === 0 ? t('search.nothing') : ''
  return (
    <search className="search">
      <input
        ref={input}
        type="text"
        role="combobox"
        inputMode="search"
        enterKeyHint="go"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        placeholder={t('search.hint')}
        aria-label={t('search.label')}
        aria-keyshortcuts="/ Control+K"
        aria-expanded={listed && found.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={listed && found[active] ? `${id}-${active}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
          setOpen(true)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={key}
      />
      <kbd aria-hidden="true">/</kbd>
      <div className="card" hidden={!listed}>
        <ul id={`${id}-list`} role="listbox" aria-label={t('search.label')} hidden={found.length === 0}>
          {found.map((hit, index) => (
            // The keys are the input's: it keeps the focus, as a combobox does.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <li
              key={hit.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => setAt(index)}
              onClick={() => go(hit)}
            >
              <strong>{hit.fullName}</strong>
              <span className="tag">{t(`level.${hit.level}`)}</span>
              <span className="dim">{hit.ancestors.map((one) => one.fullName).join(', ')}</span>
              <Former hit={hit} />
              {hit.on !== null && <span className="on">{hit.validTo && hit.on < hit.validTo && hit.on !== hit.validFrom ? t('search.until', { day: written(hit.on) }) : t('search.since', { day: written(hit.on) })}</span>}
            </li>
          ))}
        </ul>
        <p role="status">{say}</p>
      </div>
    </search>
  )
}

function Former({ hit }: { hit: Hit }) {
  const { t } = useText()
  const { names, more } = formerNames(hit)
  if (names.length === 0) return null
  return <span className="dim">{more > 0 ? t('search.formerMore', { names: names.join(', '), more }) : t('search.former', { names: names.join(', ') })}</span>
}
