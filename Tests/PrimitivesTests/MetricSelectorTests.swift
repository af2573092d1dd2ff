import Primitives
import Testing

@Suite("Selectors of metrics")
struct MetricSelectorTests {
    @Test("A name, perhaps with labels; escapes stand for themselves.")
    func reading() throws {
        #expect(MetricSelector("up")?.labels == [:])
        let selector = try #require(MetricSelector(#"a:b_1{code="503", path="x\"y\\z\n" , }"#))
        #expect(selector.name == "a:b_1")
        #expect(selector.labels == ["code": "503", "path": "x\"y\\z\n"])
        #expect(MetricSelector("a{}")?.labels == [:])
    }

    @Test(
        "Whatever is none is refused.",
        arguments: [
            "", "1a", "a b", "a{", "a{x}", "a{x=}", "a{x=y}", "a{x=\"y}", "a{x=\"y\"} ", "a.b",
            "a{x=\"y\" z=\"1\"}", "{x=\"y\"}", "a{x=\"y\\",
        ])
    func refused(_ text: String) {
        #expect(MetricSelector(text) == nil)
    }

    @Test("A series matches with all of the labels, and may have more.")
    func matching() throws {
        let series = try #require(MetricSelector(#"a{x="1",y="2"}"#))
        for text in ["a", #"a{x="1"}"#, #"a{y="2",x="1"}"#] {
            #expect(try #require(MetricSelector(text)).matches(series))
        }
        for text in ["b", #"a{x="2"}"#, #"a{z="1"}"#] {
            #expect(try !#require(MetricSelector(text)).matches(series))
        }
    }

    @Test("Names of figures are unique.")
    func figures() {
        let names = ServerFigure.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(ServerFigure.named("cpu.user")?.isCounter == true)
        #expect(ServerFigure.named("mem.rss")?.isCounter == false)
        #expect(ServerFigure.named("cpu.usr") == nil)
    }
}
