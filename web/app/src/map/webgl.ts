/** Whether this browser can draw the map at all. */
export const canDraw = (() => {
  let can: boolean | null = null
  return () => (can ??= document.createElement('canvas').getContext('webgl2') !== null)
})()
