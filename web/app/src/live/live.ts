// What the server tells by itself: what imports have changed and how far they are. And whether it is there to tell.
import { useSyncExternalStore } from 'react'
import { stringifyDocument } from '@urql/core'
import { everywhere, currentMe, unitsOf } from '../access/rights'
import { authorization, currentSession } from '../access/session'
import { ImportProgressDocument, SnapshotChangedDocument, type ImportProgressSubscription, type SnapshotChangedSubscription } from '../api/documents'
import { changed, recovered } from './refresh'
import { forbidden, open, type Subscription } from './socket'

export type Change = SnapshotChangedSubscription['snapshotChanged']
export type Progress = ImportProgressSubscription['importProgress']
/** `offline`: not for a while, or the browser says so. `refused`: who asks may not be told of changes, which no waiting mends. */
export type Connection = 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'refused'
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

/** The longest pause between two attempts, in milliseconds. A connection that has stood for so long is no attempt any more. */
const longest = 10_000
/** How long until the next attempt: a second, and twice as long each time, up to ten seconds; no two pages at once. */
export const pause = (attempt: number, random = Math.random()) => Math.min(longest, 1000 * 2 ** attempt) * (0.75 + random / 2)

/** How long the end of an import stays to be read. */
const shownFor = 8000

/** The snapshot last seen of each province. */
const seen = new Map<string, string>()

/**
 * Listens for as long as the page is open, as who asks now. Starts from the snapshots that it shows; later calls change nothing but those,
 * unless another asks, or the same person with another token where the one before was refused something.
 */
export function listen(snapshots: { province: string; snapshot: string }[]) {
  for (const { province, snapshot } of snapshots) if (!seen.has(province)) seen.set(province, snapshot)
  const imports = JSON.stringify(importsOf())
  const { caller, token } = currentSession()
  if (as.caller === caller && as.imports === imports && (as.refused.size === 0 || as.token === token)) return
  hush()
  as = { caller, imports, token, refused: new Set() }
  connect(0)
  if (started) return
  started = true
  addEventListener('online', () => (retry ? retry() : become({ connection: told() }))) // the connection may have outlived the network's absence
  addEventListener('offline', () => become({ connection: 'offline' }))
}
let started = false
let retry: (() => void) | null = null
let close: (() => void) | null = null

/** As whom it listens: another has another token, and other imports to follow. What was refused is not asked for again with the same token. */
type As = { caller: number; imports: string; token: string | null; refused: Set<string> }
const nobody: As = { caller: -1, imports: '', token: null, refused: new Set() }
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
  let stands: ReturnType<typeof setTimeout>
  retry = null
  const mine = as
  const there = () => as === mine && mine.caller === currentSession().caller
  mine.token = currentSession().token
  const wanted = [following(), ...importsOf().map(progressOf)]
  close = open(
    `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    wanted.filter((one) => !mine.refused.has(keyOf(one))),
    {
      opened: () => {
        stands = setTimeout(() => (at = 0), longest) // what is closed right after the beginning is asked for less and less often
        become({ connection: told(), heard: Date.now() })
        recovered()
      },
      alive: () => (live = { ...live, heard: Date.now() }), // for whoever asks; nobody has to be told
      refused: (one) => {
        mine.refused.add(keyOf(one))
        if (there()) become({ connection: told() })
      },
      closed: (code) => {
        clearTimeout(stands)
        clearTimeout(shown)
        if (!there()) return // who asks now is listened for anew
        if (code === runOut && at === 0) return connect(1) // another token is there, or nobody's
        if (code === forbidden) {
          for (const one of wanted) mine.refused.add(keyOf(one))
          return become({ connection: told(), progress: null })
        }
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

/** What a connection that stands is worth: it may be there for imports alone. */
const told = (): Connection => (as.refused.has(keyOf(following())) ? 'refused' : 'connected')
const keyOf = ({ query, variables }: Subscription) => JSON.stringify([query, variables?.['province']])

/** Follows what imports change, from the snapshots seen on. */
const following = (): Subscription => ({
  query: stringifyDocument(SnapshotChangedDocument),
  variables: { after: [...seen.values()] },
  next: (data) => {
    const change = (data as SnapshotChangedSubscription | null)?.snapshotChanged
    if (!change || seen.get(change.province) === change.snapshot) return
    seen.set(change.province, change.snapshot)
    changed(change)
  },
})

/** Until the end of an import is no longer shown. */
let shown: ReturnType<typeof setTimeout>
/** Follows the imports of a province; null: of all. */
const progressOf = (province: string | null): Subscription => ({
  query: stringifyDocument(ImportProgressDocument),
  variables: { province },
  next: (data) => {
    const progress = (data as ImportProgressSubscription | null)?.importProgress
    if (!progress) return
    clearTimeout(shown)
    become({ progress })
    if (progress.state !== 'RUNNING') shown = setTimeout(() => become({ progress: null }), shownFor)
  },
})

/** The token of a connection has run out. */
const runOut = 4401

/** The provinces whose imports who asks may follow; null: all of them. */
function importsOf(): (string | null)[] {
  if (everywhere(currentMe(), 'IMPORT')) return [null]
  return unitsOf(currentMe(), 'IMPORT')
    .filter((one) => one.level === 'PROVINCE')
    .map((one) => one.code)
}
