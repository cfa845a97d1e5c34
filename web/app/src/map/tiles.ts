// Of which units who asks may ask for tiles.
import { everywhere, useMe, useRights } from '../access/rights'
import type { Right } from '../api/documents'
import { useWithin } from './within'

/** Whether the right is there for the place that is looked at, and the argument that keeps tiles to it where it is not there everywhere; null: not known yet. */
export function useTiles(right: Right): { may: boolean; within: string } | null {
  const me = useMe()
  const rights = useRights()
  const within = useWithin()
  if (!me || !rights || !within) return null
  const may = rights.has(right)
  return { may, within: may && !everywhere(me, right) ? `&within=${within.level}:${within.code}` : '' }
}
