// What the server tells by itself: what imports have changed and how far they are. And whether it is there to tell.
import { useSyncExternalStore } from 'react'
import { stringifyDocument } from '@urql/core'
import { everywhere, currentMe, unitsOf } from '../access/rights'
import { authorization, currentSession } from '../access/session'
import { ImportProgressDocument, SnapshotChangedDocument, type ImportProgressSubscription, type SnapshotChangedSubscription } from '../api/documents'
import { changed, recovered } from './refresh'
import { open } from './socket'

export type Change = SnapshotChangedSubscription['snapshotChanged']
export type Progress = ImportProgressSubscription['importProgress']
/** `offline`: not for a while, or the browser says so. */
export type Connection = 'connecting' | 'connected' | 'reconnecting' | 'offline'
export type Live = { connection: Connection; /** When the server was last heard. */ heard: number | null; progress: Progress | null }

let live: Live = { connection: 'connecting', heard: null, progress: null }
const listeners = new Set<() => void>()
function become(change: Partial<Live>) {
  live = { ...live, ...change }
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** The state of the connection and of an import, and again whenever it changes. */
export const useLive = () => useSyncExternalStore(subscribe, () => live)

/** How long until the next attempt: a second, and twice as long each time, up to ten seconds; no two pages at once. */
export const pause = (attempt: number, random = Math.random()) => Math.min(10_000, 1000 * 2 ** attempt) * (0.75 + random / 2)

/** How long the end of an import stays to be read. */
const shownFor = 8000

/** The snapshot last seen of each province. */
const seen = new Map<string, string>()

/** Listens for as long as the page is open, as who asks now. Starts from the snapshots that it shows; later calls change nothing but those, unless another asks. */
export function listen(snapshots: { province: string; snapshot: string }[]) {
  for (const { province, snapshot } of snapshots) if (!seen.has(province)) seen.set(province, snapshot)
  const imports = JSON.stringify(importsOf())
  if (as.caller === currentSession().caller && as.imports === imports) return
  hush()
  as = { caller: currentSession().caller, imports }
  connect(0)
  if (started) return
  started = true
  addEventListener('online', () => (retry ? retry() : become({ connection: 'connected' }))) // the connection may have outlived the network's absence
  addEventListener('offline', () => become({ connection: 'offline' }))
}
let started = false
let retry: (() => void) | null = null
let close: (() => void) | null = null

/** As whom it listens: another has another token, and other imports to follow. */
const nobody = { caller: -1, imports: '' }
let as = nobody

/** Whoever it listened as is gone: ends the connection and what it told. */
function hush() {
  as = nobody
  retry = null
  close?.()
  close = null
  become({ connection: 'connecting', progress: null })
}

/** Does not go on listening as somebody who no longer asks. */
export function hushOthers() {
  if (as !== nobody && as.caller !== currentSession().caller) hush()
}

function connect(attempt: number) {
  let at = attempt
  let ended: ReturnType<typeof setTimeout>
  retry = null
  const mine = as
  const there = () => as === mine && mine.caller === currentSession().caller
  close = open(
    `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    [
      {
        query: stringifyDocument(SnapshotChangedDocument),
        variables: { after: [...seen.values()] },
        next: (data) => {
          const change = (data as SnapshotChangedSubscription | null)?.snapshotChanged
          if (!change || seen.get(change.province) === change.snapshot) return
          seen.set(change.province, change.snapshot)
          changed(change)
        },
      },
      ...importsOf().map((province) => ({
        query: stringifyDocument(ImportProgressDocument),
        variables: { province },
        next: (data: unknown) => {
          const progress = (data as ImportProgressSubscription | null)?.importProgress
          if (!progress) return
          clearTimeout(ended)
          become({ progress })
          if (progress.state !== 'RUNNING') ended = setTimeout(() => become({ progress: null }), shownFor)
        },
      })),
    ],
    {
      opened: () => {
        at = 0
        become({ connection: 'connected', heard: Date.now() })
        recovered()
      },
      alive: () => (live = { ...live, heard: Date.now() }), // for whoever asks; nobody has to be told
      closed: (code) => {
        clearTimeout(ended)
        if (!there()) return // who asks now is listened for anew
        if (code === runOut && at === 0) return connect(1) // another token is there, or nobody's
        become({ connection: at >= 3 || !navigator.onLine ? 'offline' : live.heard === null ? 'connecting' : 'reconnecting', progress: null })
        const timer = setTimeout(again, pause(at))
        retry = again
        function again() {
          clearTimeout(timer)
          if (retry === again && there()) connect(at + 1)
        }
      },
    },
    authorization(),
  )
}

/** The token of a connection has run out. */
const runOut = 4401

/** The provinces whose imports who asks may follow; null: all of them. */
function importsOf(): (string | null)[] {
  if (everywhere(currentMe(), 'IMPORT')) return [null]
  return unitsOf(currentMe(), 'IMPORT')
    .filter((one) => one.level === 'PROVINCE')
    .map((one) => one.code)
}
