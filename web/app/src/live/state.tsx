// How fresh what is shown is: of which day the data are, when they came, and whether the server is there.
import { useEffect, useState } from 'react'
import { currentMe, useMe } from '../access/rights'
import { useSession } from '../access/session'
import { useNewest, useStart } from '../api/start'
import { useText } from '../text/text'
import { hushOthers, listen, useLive, type Progress } from './live'
import './live.css'

/** A moment that moves on by itself, so that an age stays true. */
function useNow(every: number) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [every])
  return now
}

/** Listens once it is known who asks and what is loaded, even where that is nothing. */
export function useListening() {
  const { data, error } = useStart()
  const me = useMe()
  const { token } = useSession()
  useEffect(() => {
    if (currentMe() || error) listen(data?.datasets ?? [])
    else hushOthers()
  }, [data, error, me, token])
}

export function State() {
  const { t, day, ago, moment } = useText()
  const newest = useNewest()
  const { connection, heard } = useLive()
  const now = useNow(20_000)
  useListening()
  if (!newest) return null
  const age = heard === null ? null : ago(heard, Math.max(now, heard))
  return (
    <details className={`state ${connection}`}>
      <summary title={t('live.details')}>
        <i className="lamp" aria-hidden="true" />
        <span role="status">{connection === 'connected' ? t('live.connected') : connection === 'offline' ? (age ? t('live.offline', { age }) : t('live.neverOnline')) : t(`live.${connection}`)}</span>
        <span className="as-of"> · {t('live.asOf', { day: day(newest.asOf) })}</span>
      </summary>
      <dl className="card">
        <dt>{t('live.dataOf')}</dt>
        <dd>{day(newest.asOf)}</dd>
        <dt>{t('live.importedAt')}</dt>
        <dd>{moment(newest.importedAt)}</dd>
        <dt>{t('live.snapshot')}</dt>
        <dd>{newest.snapshot}</dd>
        {age && (
          <>
            <dt>{t('live.heard')}</dt>
            <dd>{age}</dd>
          </>
        )}
      </dl>
    </details>
  )
}

/** How much of a step is done, where that is known. */
export const done = (progress: Pick<Progress, 'done' | 'total'>) => (progress.total ? Math.min(1, progress.done / progress.total) : null)

/** An import that goes on, or has just ended: a thin line on top, and what it does in words. */
export function ImportLine() {
  const { t } = useText()
  const { progress } = useLive()
  if (!progress) return null
  const share = done(progress)
  const running = progress.state === 'RUNNING'
  return (
    <div className={`import ${progress.state}`}>
      {running && <progress value={share ?? undefined} max={1} aria-label={t('live.import')} />}
      <p role="status">
        {running ? t('live.RUNNING', { province: progress.province }) : t(`live.${progress.state}`, { province: progress.province })}
        {running && progress.step && <span aria-hidden="true"> · {progress.step}</span>}
      </p>
    </div>
  )
}
