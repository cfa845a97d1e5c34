// How what stands at a point is marked: told apart by shape and rim too, not by colour alone.

export const statuses = ['GUIDED', 'ATTEMPTED', 'NOT_VISITED', 'UNKNOWN', 'INELIGIBLE'] as const
export type Status = (typeof statuses)[number]
/** Fill, rim and radius of an address by status; Okabe and Ito's colours. */
export const marks: Record<Status, { fill: string; rim: string; radius: number }> = {
  GUIDED: { fill: '#0072b2', rim: '#ffffff', radius: 3 },
  ATTEMPTED: { fill: '#ffffff', rim: '#b87800', radius: 3.5 },
  NOT_VISITED: { fill: '#d55e00', rim: '#3d1b00', radius: 4 },
  UNKNOWN: { fill: '#ffffff', rim: '#52636e', radius: 3 },
  INELIGIBLE: { fill: '#9aa7ae', rim: '#ffffff', radius: 2.5 },
}
export const signs = { teams: { sign: '▲', colour: '#7a1f6b' }, service_points: { sign: '◆', colour: '#8a1c1c' } } as const
