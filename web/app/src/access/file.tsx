// A link to what the server answers only to some. Where somebody is signed in it is fetched with the token, which a link alone does not send.
import { useState, type MouseEvent, type ReactNode } from 'react'
import { useText } from '../text/text'
import { currentSession, saveFile } from './session'

export function FileLink({ href, download, label, children }: { href: string; download?: boolean; label?: string; children: ReactNode }) {
  const { said } = useText()
  const [failed, setFailed] = useState('')
  const [busy, setBusy] = useState(false)
  const follow = (event: MouseEvent) => {
    if (currentSession().token === null) return
    event.preventDefault()
    if (busy) return
    setFailed('')
    setBusy(true)
    saveFile(href)
      .catch((error: unknown) => setFailed(said(error instanceof Error ? error.message : String(error))))
      .finally(() => setBusy(false))
  }
  return (
    <>
      <a href={href} download={download} aria-label={label} aria-busy={busy} onClick={follow}>
        {children}
      </a>
      {failed && <span role="alert"> {failed}</span>}
    </>
  )
}
