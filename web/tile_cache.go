package web

import (
	"container/list"
	"sync"
)

// tileCache keeps tiles in memory, those asked for last, in so many bytes.
type tileCache struct {
	most int64 // bytes; 0: nothing is kept

	mu    sync.Mutex
	bytes int64
	order *list.List // of *keptTile, the one asked for last first
	kept  map[string]*list.Element
}

type keptTile struct {
	key  string
	tile *packedTile
}

// keptTileBytes is about what a tile takes beside its bytes and its key.
const keptTileBytes = 400

func (k *keptTile) bytes() int64 { return int64(len(k.key) + len(k.tile.gzip) + keptTileBytes) }

func newTileCache(most int64) *tileCache {
	return &tileCache{most: most, order: list.New(), kept: map[string]*list.Element{}}
}

// get returns the tile of a key; nil: it is not kept.
func (c *tileCache) get(key string) *packedTile {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, known := c.kept[key]
	if !known {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*keptTile).tile
}

// put keeps a tile and gives up the ones that nobody has asked for the longest. One larger than all that may be kept is not.
func (c *tileCache) put(key string, tile *packedTile) {
	k := &keptTile{key, tile}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.kept[key]; known || k.bytes() > c.most {
		return
	}
	c.kept[key] = c.order.PushFront(k)
	for c.bytes += k.bytes(); c.bytes > c.most; {
		last := c.order.Back()
		old := c.order.Remove(last).(*keptTile)
		delete(c.kept, old.key)
		c.bytes -= old.bytes()
	}
}

// size is how many bytes are kept.
func (c *tileCache) size() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}
