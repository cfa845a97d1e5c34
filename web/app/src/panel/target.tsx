/** The sign of a button that leads to a place on the map: no font that every system has holds one. */
export const Target = () => (
  <svg className="target-sign" viewBox="0 0 20 20" width="18" height="18" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" aria-hidden="true">
    <circle cx="10" cy="10" r="5.5" />
    <circle cx="10" cy="10" r="1.2" fill="currentColor" />
    <path d="M10 1.5v3M10 15.5v3M1.5 10h3M15.5 10h3" />
  </svg>
)
