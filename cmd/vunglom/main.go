// Command vunglom keeps a province's digital-coverage data and answers for it: it imports
// bundles, serves the API and its pages, and checks what is stored.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"vunglom/access"
	"vunglom/db"
)

// The exit codes of the program.
const (
	exitFailure = 1 // the command failed, or verify found a breach
	exitUsage   = 2 // the command line was wrong
)

// commands is the command line: every command is a struct in a file of its own name.
type commands struct {
	Settings

	Serve    serveCommand         `cmd:"" help:"Phục vụ API và các trang. · Serve the API and its pages."`
	Demo     demoCommand          `cmd:"" help:"Dựng tỉnh mẫu rồi phục vụ. · Make the demo province, import it and serve it."`
	Import   importCommand        `cmd:"" help:"Nạp một gói dữ liệu. · Import a bundle: a folder, or a zip of one."`
	Sync     syncCommand          `cmd:"" help:"Lấy dữ liệu từ LGSP và hệ thống khác rồi nạp. · Fetch data of other systems, as an LGSP hands them out, and import them."`
	Derive   deriveHamletsCommand `cmd:"" name:"derive-hamlets" help:"Vẽ ấp, khóm chưa ai vẽ từ địa chỉ khai chúng. · Draw hamlets that nobody has drawn from the addresses that declare them."`
	Publish  publishCommand       `cmd:"" help:"Bội số của số liệu cho mọi người: xem, hoặc công bố lại. · See how figures for everybody are rounded, or publish anew."`
	Generate generateCommand      `cmd:"" help:"Sinh gói dữ liệu tỉnh mẫu. · Write the bundle of the synthetic province."`
	Export   exportCommand        `cmd:"" help:"Xuất ra tệp: gói dữ liệu, độ phủ, vùng lõm … · Write files: a bundle, coverage, gaps …"`
	Migrate  migrateCommand       `cmd:"" help:"Nâng cấp lược đồ cơ sở dữ liệu. · Bring the database to this version's schema."`
	Verify   verifyCommand        `cmd:"" help:"Kiểm tra mọi quy tắc toàn vẹn. · Check every rule of integrity over the database."`
	Erase    eraseCommand         `cmd:"" help:"Xóa hẳn hộ khỏi dữ liệu theo yêu cầu. · Erase households for good, as people may ask."`
	Retain   retainCommand        `cmd:"" help:"Bỏ những gì đã giữ đủ lâu. · Remove what has been kept for long enough."`
	Webhooks webhooksCommand      `cmd:"" help:"Các hệ thống được báo khi có thay đổi: xem, báo lại, quên. · Systems that are told of changes: list them, tell one again, forget one."`
	Version  versionCommand       `cmd:"" help:"In phiên bản. · Print the version."`
	Testdb   testdbCommand        `cmd:"" hidden:"" help:"Run a command beside a database for tests."`
}

func main() {
	ctx, stop := stopOnSignals(context.Background())
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	// Whoever runs a command does so on the program's own machine. What is served has its requests' own callers.
	ctx = access.With(ctx, access.Local())
	var cli commands
	parser, err := kong.New(&cli,
		kong.Name("vunglom"),
		kong.Description("Vùng Lõm: chỗ nào tổ công nghệ số cộng đồng chưa tới được, và vì sao.\n"+
			"Which households the community digital technology teams do not reach, where, and why.\n\n"+
			"Thiết lập · Settings: tham số · flags > môi trường · environment ($…) > mặc định · defaults."),
		kong.Vars{"data_dir": defaultDataDir()},
		kong.Writers(stdout, stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.ValueFormatter(showDefault),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(&cli.Settings, &streams{out: stdout, err: stderr}),
	)
	if err != nil {
		fmt.Fprintln(stderr, "vunglom:", err)
		return exitFailure
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(stderr, "vunglom: %v\nXem · See: vunglom --help\n", err)
		return exitUsage
	}
	if err := cli.setLogger(stderr); err != nil {
		fmt.Fprintln(stderr, "vunglom:", err)
		return exitFailure
	}
	stopTracing, err := startTracing(ctx)
	if err != nil {
		fmt.Fprintln(stderr, "vunglom:", err)
		return exitFailure
	}
	defer stopTracing()
	err = parsed.Run()
	var code exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	default:
		fmt.Fprintln(stderr, "vunglom:", visible(err.Error()))
		if db.IsUnavailable(err) {
			fmt.Fprintln(stderr, "Cơ sở dữ liệu không trả lời, hoặc hết chỗ: hãy xem nhật ký của nó, rồi làm lại · The database does not answer, or has no room left: see its log, then do it again")
		}
		return exitFailure
	}
}

// streams are where a command writes for a person (err) and its result (out).
type streams struct{ out, err io.Writer }

// exitCode ends the program with a code when all has been said already.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// showDefault ends a flag's help with its default and the environment variable it follows.
func showDefault(value *kong.Value) string {
	var follows []string
	if value.HasDefault && value.Default != "" {
		follows = append(follows, "mặc định · default "+value.Default)
	}
	for _, env := range value.Tag.Envs {
		follows = append(follows, "$"+env)
	}
	if len(follows) == 0 {
		return value.Help
	}
	return fmt.Sprintf("%s (%s)", strings.TrimSuffix(value.Help, "."), strings.Join(follows, "; "))
}
