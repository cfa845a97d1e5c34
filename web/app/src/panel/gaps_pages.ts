// The list of gaps as it is scrolled: a page is asked for when it comes in sight, each after the one before it.
import { useEffect, useRef, useState } from 'react'
import { useClient, type CombinedError } from 'urql'
import { GapsDocument, type GapsQuery, type GapsQueryVariables } from '../api/documents'

type Page = GapsQuery['coverageGaps']
export type Gap = Page['nodes'][number]
export const pageLength = 100

/** The pages with another one at its place. One that ends elsewhere than before makes those after it worthless. */
export function withPage(pages: Page[], index: number, page: Page): Page[] {
  const same = pages[index]?.pageInfo.endCursor === page.pageInfo.endCursor
  return [...pages.slice(0, index), page, ...(same ? pages.slice(index + 1) : [])]
}

/**
 * The gaps from the first on, as many as were wanted, and how many there are in all. Under another filter or on another day the
 * last ones stay until the new ones come.
 */
export function useGapPages(variables: Omit<GapsQueryVariables, 'first' | 'after'> | null) {
  const client = useClient()
  const [known, setKnown] = useState<{ pages: Page[]; key: string | null; error?: CombinedError | undefined }>({ pages: [], key: null })
  const [attempt, setAttempt] = useState(0)
  const wantMore = useRef<(rows: number) => void>(() => undefined)
  const key = variables && JSON.stringify(variables)
  useEffect(() => {
    if (!key) return
    const asked = JSON.parse(key) as GapsQueryVariables
    const running: { unsubscribe: () => void }[] = []
    let pages: Page[] = []
    let wanted = 1
    const ask = (index: number, after: string | null) => {
      running.splice(index).forEach((one) => one.unsubscribe())
      const source = client.query(GapsDocument, { ...asked, first: pageLength, after }, attempt > 0 ? { requestPolicy: 'network-only' } : {})
      running[index] = source.subscribe(({ data, error }) => {
        if (data) {
          pages = withPage(pages, index, data.coverageGaps)
          running.splice(Math.max(pages.length, index + 1)).forEach((one) => one.unsubscribe())
        }
        setKnown((before) => ({ pages: data || before.key === key ? pages : before.pages, key, error }))
        more()
      })
    }
    const more = () => {
      const last = pages.at(-1)
      if (last?.pageInfo.hasNextPage && pages.length < wanted && pages.length >= running.length) ask(pages.length, last.pageInfo.endCursor)
    }
    wantMore.current = (rows) => {
      wanted = Math.max(wanted, Math.ceil(rows / pageLength))
      more()
    }
    ask(0, null)
    return () => running.forEach((one) => one.unsubscribe())
  }, [client, key, attempt])
  return {
    rows: known.pages.flatMap((page) => page.nodes),
    total: known.pages[0]?.totalCount ?? null,
    error: known.error,
    /** What is shown is of another question than the one asked. */
    old: known.key !== key,
    want: (rows: number) => wantMore.current(rows),
    again: () => setAttempt((count) => count + 1),
  }
}
