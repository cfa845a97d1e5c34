package web

import (
	"container/list"
	"sync"
)

// tileCache keeps tiles in memory, and what tiles are cut from, those asked for last, in so many bytes.
type tileCache struct {
	most int64 // bytes; 0: nothing is kept

	mu    sync.Mutex
	bytes int64
	given int64      // up to make room, values
	order *list.List // of *kept, the one asked for last first
	byKey map[string]*list.Element
}

// kept is a tile or what tiles are cut from.
type kept struct {
	key   string
	value sized
}

type sized interface{ Bytes() int }

// keptBytes is about what one takes beside its bytes and its key.
const keptBytes = 400

func (k *kept) bytes() int64 { return int64(len(k.key) + k.value.Bytes() + keptBytes) }

func newTileCache(most int64) *tileCache {
	return &tileCache{most: most, order: list.New(), byKey: map[string]*list.Element{}}
}

// get returns what is kept under a key; nil: nothing is.
func (c *tileCache) get(key string) sized {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, known := c.byKey[key]
	if !known {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*kept).value
}

// put keeps a value and gives up the ones that nobody has asked for the longest. One larger than all that may be kept is not.
func (c *tileCache) put(key string, value sized) {
	k := &kept{key, value}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.byKey[key]; known || k.bytes() > c.most {
		return
	}
	c.byKey[key] = c.order.PushFront(k)
	for c.bytes += k.bytes(); c.bytes > c.most; {
		old := c.order.Remove(c.order.Back()).(*kept)
		delete(c.byKey, old.key)
		c.bytes -= old.bytes()
		c.given++
	}
}

// size is how many bytes are kept.
func (c *tileCache) size() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

// counts tells how many values are held, and how many were given up to make room.
func (c *tileCache) counts() (held int, given int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.order.Len(), c.given
}
