// Why rows of persons are read: whoever is signed in says it before the first is shown, and it goes into the audit log with every one.
import { useId, useState, type FormEvent } from 'react'
import { useText } from '../text/text'
import { sayPurpose } from './session'

/** The log takes 500 bytes, and a letter has three at most. */
const most = 160

export function AskPurpose() {
  const { t } = useText()
  const id = useId()
  const [text, setText] = useState('')
  const say = (event: FormEvent) => {
    event.preventDefault()
    sayPurpose(text.trim())
  }
  return (
    <form className="purpose card" onSubmit={say}>
      <label htmlFor={id}>{t('access.purposeAsk')}</label>
      <p className="row">
        <input id={id} value={text} onChange={(event) => setText(event.target.value)} required pattern=".*\S.*" maxLength={most} autoComplete="off" placeholder={t('access.purposeHint')} aria-describedby={`${id}-note`} />
        <button type="submit" className="primary">
          {t('access.purposeSay')}
        </button>
      </p>
      <p className="note" id={`${id}-note`}>
        {t('access.purposeNote')}
      </p>
    </form>
  )
}
