package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Trusted are documents by their ids: what a server answers that answers nothing else.
type Trusted map[string]string

// ReadTrusted reads documents as tools write them: a JSON object of id and document. An id that is a SHA-256, by itself or
// after "sha256:" as the GraphQL-over-HTTP specification has it, must be that of its document.
func ReadTrusted(manifest []byte) (Trusted, error) {
	var read map[string]string
	if err := json.Unmarshal(manifest, &read); err != nil {
		return nil, fmt.Errorf("phải là một đối tượng JSON: mã → truy vấn · must be a JSON object: id → document: %w", err)
	}
	trusted := Trusted{}
	for id, document := range read {
		hash := sum(document)
		if given, isHash := asHash(id); isHash && given != hash {
			return nil, fmt.Errorf("mã %[1]s không phải SHA-256 của truy vấn của nó, là %[2]s · the id %[1]s is not the SHA-256 of its document, which is %[2]s", id, hash)
		} else if !isHash {
			trusted[id] = document
		}
		trusted[hash] = document // whatever else it is called, so that its text is known
	}
	return trusted, nil
}

// asHash returns the SHA-256 that an id is, in small letters.
func asHash(id string) (hash string, isHash bool) {
	hash = strings.ToLower(strings.TrimPrefix(id, "sha256:"))
	_, err := hex.DecodeString(hash)
	return hash, err == nil && len(hash) == 2*sha256.Size
}

func sum(document string) string {
	digest := sha256.Sum256([]byte(document))
	return hex.EncodeToString(digest[:])
}

// trust refuses documents that are not trusted, and finds those that are asked for by id. It is a gqlgen extension, before
// all others, and so one for every way in which a document can come.
type trust struct{ documents Trusted }

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = trust{}

// ExtensionName tells extensions from one another.
func (trust) ExtensionName() string { return "Trust" }

// Validate accepts every schema.
func (trust) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters finds the document of an id that comes without one. nil documents: none has an id, and any will do.
func (t trust) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	if id := documentID(params); params.Query == "" && id != "" {
		if hash, isHash := asHash(id); isHash {
			id = hash
		}
		document, known := t.documents[id]
		if !known {
			return gqlerror.WrapPath(nil, &Error{CodeNotFound, "không có truy vấn nào đăng ký với mã này: hãy gửi cả truy vấn / no document is registered under this id: send the document"})
		}
		params.Query = document
	}
	if _, known := t.documents[sum(params.Query)]; t.documents != nil && !known {
		return gqlerror.WrapPath(nil, &Error{CodeForbidden, "máy chủ này chỉ trả lời các truy vấn đã đăng ký (--trusted-documents), đúng từng chữ / this server answers registered documents only (--trusted-documents), to the letter"})
	}
	return nil
}

// documentID returns the id that a document is asked for by: documentId, as the GraphQL-over-HTTP specification has it, or
// the extension persistedQuery, as many clients send it; empty: by none.
func documentID(params *graphql.RawParams) string {
	if id, ok := params.Extensions[documentIDKey].(string); ok {
		return id
	}
	persisted, _ := params.Extensions["persistedQuery"].(map[string]any)
	hash, _ := persisted["sha256Hash"].(string)
	return hash
}

// documentIDKey is where readRequest leaves documentId among the extensions: gqlgen's parameters have no place for it.
const documentIDKey = "documentId"
