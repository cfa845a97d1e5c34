package scalar

import (
	"io"

	"github.com/99designs/gqlgen/graphql"

	"vunglom/db"
)

// Upload is a file that is sent beside an operation. It stands in its variables before it is received.
type Upload struct{ *Received }

// Received is the file, once it is there.
type Received struct{ File *db.Upload }

var errNotAFile = &Error{`không phải tệp: hãy gửi yêu cầu multipart/form-data, với biến này là null và tệp ở phần của nó (GraphQL multipart request) / not a file: send a multipart/form-data request in which this variable is null and the file is a part (GraphQL multipart request)`}

// MarshalUpload writes nothing: no answer has a file.
func MarshalUpload(Upload) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, "null") })
}

// UnmarshalUpload reads an Upload argument.
func UnmarshalUpload(value any) (Upload, error) {
	file, is := value.(Upload)
	if !is || file.Received == nil || file.File == nil {
		return Upload{}, errNotAFile
	}
	return file, nil
}
