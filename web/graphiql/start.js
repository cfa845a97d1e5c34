// Opens GraphiQL on this server's API, with the example queries as its first tabs.
const fetcher = GraphiQL.createFetcher({ url: "/graphql" });
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultTabs: window.examples,
    isHeadersEditorEnabled: false,
    shouldPersistHeaders: false,
  }),
);
