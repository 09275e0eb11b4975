"""Any generator's name for a post or a file finds it."""

from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter

import pytest

from pipeline.content.links import (
    SiteIndex,
    asset_reference,
    link_reference,
    post_reference,
    title_reference,
)
from pipeline.content.post import Post

DAY = datetime(2020, 1, 2, tzinfo=UTC)


def a_post(path: str, url: str = "", **fields: str) -> Post:
    url = url or "https://example.org/" + path.rpartition(".")[0] + "/"
    post = Post(
        id=url, site="s", path=path, url=url, title="T", published=DAY, updated=DAY
    )
    return replace(post, **fields)


def an_index(
    *posts: Post, assets: tuple[str, ...] = (), static: tuple[str, ...] = ()
) -> SiteIndex:
    return SiteIndex.build("https://example.org/", posts, assets, static)


ASKING = a_post("posts/asking.md", "https://example.org/asking/")
TARGET = a_post(
    "posts/2020-01-02-target.md",
    "https://example.org/t/",
    title="The  Target",
    slug="the-slug",
)
BUNDLE = a_post("posts/bundle/index.md", "https://example.org/b/", title="包")
DEEP = a_post("_posts/life/2019-05-06-deep.markdown", "https://example.org/d.html")
INDEX = an_index(ASKING, TARGET, BUNDLE, DEEP)


@pytest.mark.parametrize(
    "name",
    [
        "posts/2020-01-02-target.md",
        "/posts/2020-01-02-target.md",
        "@/posts/2020-01-02-target.md",
        "2020-01-02-target.md",
        "./2020-01-02-target.md",
        "../posts/2020-01-02-target",
        "posts\\2020-01-02-target.md",
        "posts/2020%2D01-02-target.md",
        "2020-01-02-target",
        "2020-01-02-TARGET",
        "target",
        "the-slug",
        "the target",
        " The Target ",
    ],
)
def test_a_post_is_found_by_any_of_its_names(name: str) -> None:
    assert INDEX.post_url(name, near="posts/asking.md") == "https://example.org/t/"


@pytest.mark.parametrize("name", ["posts/bundle", "bundle/", "bundle/index.md", "包"])
def test_a_page_bundle_is_found_by_its_folder(name: str) -> None:
    assert INDEX.post_url(name, near="posts/asking.md") == "https://example.org/b/"


@pytest.mark.parametrize(
    "name", ["2019-05-06-deep", "life/2019-05-06-deep", "/life/2019-05-06-deep", "deep"]
)
def test_a_jekyll_post_is_found_below_its_folders(name: str) -> None:
    assert INDEX.post_url(name, near="posts/asking.md") == "https://example.org/d.html"


@pytest.mark.parametrize("name", ["nobody", "wrong/2019-05-06-deep", "../../x"])
def test_a_name_of_nothing_finds_nothing(name: str) -> None:
    assert INDEX.post_url(name, near="posts/asking.md") is None


def test_a_fragment_is_kept() -> None:
    url = INDEX.post_url("the-slug#第一节", near="posts/asking.md")
    assert url == "https://example.org/t/#%E7%AC%AC%E4%B8%80%E8%8A%82"


def test_a_fragment_alone_is_a_place_in_the_asking_post() -> None:
    url = INDEX.post_url("#part", near="posts/asking.md")
    assert url == "https://example.org/asking/#part"


def test_no_name_means_the_asking_post() -> None:
    for name in ("", ".", "./"):
        url = INDEX.post_url(name, near="posts/asking.md")
        assert url == "https://example.org/asking/"


def test_a_title_with_a_number_sign_is_a_title() -> None:
    index = an_index(ASKING, a_post("c.md", "https://example.org/c/", title="C# tips"))
    assert index.post_url("c# tips", near="posts/asking.md") == "https://example.org/c/"


def test_a_path_wins_over_a_stem_a_stem_over_a_slug_a_slug_over_a_title() -> None:
    posts = [
        a_post("x/asking.md"),
        a_post("x/name.md", "https://example.org/path/"),
        a_post("y/name.md", "https://example.org/stem/"),
        a_post("z/1.md", "https://example.org/slug/", slug="name"),
        a_post("z/2.md", "https://example.org/title/", title="name"),
    ]
    found = []
    while len(posts) > 1:
        found.append(an_index(*posts).post_url("name", near="x/asking.md"))
        posts.pop(1)
    assert found == [
        f"https://example.org/{k}/" for k in ("path", "stem", "slug", "title")
    ]


def test_a_name_is_a_path_from_the_post_before_one_from_the_content_folder() -> None:
    index = an_index(a_post("en/asking.md"), a_post("en/about.md"), a_post("about.md"))
    near = "en/asking.md"
    assert index.post_url("about.md", near=near) == "https://example.org/en/about/"
    assert index.post_url("/about.md", near=near) == "https://example.org/about/"


def test_among_several_the_nearest_folder_wins_then_the_first_path() -> None:
    index = an_index(a_post("a/n.md"), a_post("b/n.md"), a_post("b/c/n.md"))
    assert index.post_url("n", near="b/c/d/x.md") == "https://example.org/b/c/n/"
    assert index.post_url("n", near="b/e/x.md") == "https://example.org/b/n/"
    assert index.post_url("n", near="e/x.md") == "https://example.org/a/n/"


def test_a_translation_finds_its_own_language() -> None:
    index = an_index(
        a_post("a.en.md", "https://example.org/en/a/", language="en"),
        a_post("a.zh.md", "https://example.org/zh/a/", language="zh"),
        a_post("b.zh.md", language="zh"),
        a_post("b.en.md", language="en"),
    )
    assert index.post_url("a.md", near="b.zh.md") == "https://example.org/zh/a/"
    assert index.post_url("a", near="b.en.md") == "https://example.org/en/a/"


def test_a_file_name_decomposed_by_macos_is_found() -> None:
    index = an_index(
        a_post("cafe\u0301.md", "https://example.org/c/"),
        a_post("e\u0301te\u0301/index.md", "https://example.org/e/"),
        assets=("e\u0301te\u0301/p.png",),
    )
    assert index.post_url("caf\u00e9", near="x.md") == "https://example.org/c/"
    url = index.asset_url("p.png", near="e\u0301te\u0301/index.md")
    assert url == "https://example.org/e/p.png"


def test_the_title_of_a_post_is_told() -> None:
    assert INDEX.post_title("bundle", near="posts/asking.md") == "包"
    assert INDEX.post_title("nobody", near="posts/asking.md") is None


FILES = an_index(
    ASKING,
    BUNDLE,
    a_post("_posts/hexo.md", "https://example.org/2020/hexo.html"),
    a_post("2020/plain.md", "https://example.org/2020/01/plain/"),
    assets=(
        "images/x 图.png",
        "posts/near.png",
        "posts/bundle/fig/a.png",
        "_posts/hexo/pic.jpg",
        "attachments/Shot.PNG",
        "attachments/deep/Shot.PNG",
    ),
    static=("img/logo.png",),
)


@pytest.mark.parametrize(
    ("name", "near", "expected"),
    [
        ("near.png", "posts/asking.md", "posts/near.png"),
        ("./near.png", "posts/asking.md", "posts/near.png"),
        ("../images/x 图.png", "posts/asking.md", "images/x%20%E5%9B%BE.png"),
        ("../images/x%20图.png", "posts/asking.md", "images/x%20%E5%9B%BE.png"),
        ("images/x 图.png", "posts/asking.md", "images/x%20%E5%9B%BE.png"),
        ("/images/x 图.png", "posts/asking.md", "images/x%20%E5%9B%BE.png"),
        ("../near.png", "posts/asking.md", "posts/near.png"),
        ("fig/a.png", "posts/bundle/index.md", "b/fig/a.png"),
        ("../near.png", "posts/bundle/index.md", "posts/near.png"),
        ("bundle/fig/a.png", "posts/asking.md", "b/fig/a.png"),
        ("pic.jpg", "_posts/hexo.md", "2020/hexo/pic.jpg"),
        ("hexo/pic.jpg", "_posts/hexo.md", "2020/hexo/pic.jpg"),
        ("/img/logo.png", "posts/asking.md", "img/logo.png"),
        ("img/logo.png", "posts/asking.md", "img/logo.png"),
        ("../../../img/logo.png", "2020/plain.md", "img/logo.png"),
        ("shot.png", "posts/asking.md", "attachments/Shot.PNG"),
        ("deep/shot.png", "posts/asking.md", "attachments/deep/Shot.PNG"),
        ("near.png?v=2", "posts/asking.md", "posts/near.png?v=2"),
    ],
)
def test_a_file_is_found_where_its_generator_looks(
    name: str, near: str, expected: str
) -> None:
    assert FILES.asset_url(name, near=near) == "https://example.org/" + expected


@pytest.mark.parametrize(
    "name", ["none.png", "./shot.png", "/shot.png", "wrong/shot.png", "", "?x", "#x"]
)
def test_a_file_that_is_not_there_is_none(name: str) -> None:
    assert FILES.asset_url(name, near="posts/asking.md") is None


def test_a_static_file_is_found_though_the_site_lies_below_a_folder() -> None:
    index = SiteIndex.build("https://example.org/blog", [], [], ["img/logo.png"])
    for name in ("/blog/img/logo.png", "/img/logo.png", "img/logo.png"):
        url = index.asset_url(name, near="a.md")
        assert url == "https://example.org/blog/img/logo.png"


def test_a_file_is_found_by_its_place_on_a_site_below_a_folder() -> None:
    post = a_post("p/index.md", "https://example.org/blog/post/")
    index = SiteIndex.build("https://example.org/blog/", [post], ["p/a.png"])
    url = index.asset_url("/blog/p/a.png", near="x.md")
    assert url == "https://example.org/blog/post/a.png"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2020-01-02-target.md#end", "https://example.org/t/#end"),
        ("2020-01-02-target", "https://example.org/t/"),
        ("../bundle/", "https://example.org/b/"),
        ("/posts/bundle/index.md", "https://example.org/b/"),
        ("/posts/bundle/", None),
        ("the-slug", None),
        ("paper.pdf", None),
        ("https://example.net/", None),
    ],
)
def test_a_plain_link_means_a_path_only(name: str, expected: str | None) -> None:
    assert INDEX.link_url(name, near="posts/asking.md") == expected


def test_a_plain_link_may_mean_a_file() -> None:
    url = FILES.link_url("near.png", near="posts/asking.md")
    assert url == "https://example.org/posts/near.png"


def test_a_post_whose_url_is_a_path_is_on_the_site() -> None:
    index = an_index(a_post("a.md", "/2020/文/"))
    assert index.post_url("a", near="b.md") == "https://example.org/2020/%E6%96%87/"


def test_a_post_whose_url_cannot_be_followed_is_the_site() -> None:
    index = an_index(a_post("a.md", "javascript:alert(1)"))
    assert index.post_url("a", near="b.md") == "https://example.org/"


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        (post_reference("deep"), "https://example.org/d.html"),
        (title_reference("bundle"), "包"),
        (asset_reference("near.png"), ""),
        (link_reference("bundle/"), "https://example.org/b/"),
        (post_reference("nobody"), ""),
        ("else:bundle", ""),
    ],
)
def test_a_recorded_reference_is_looked_up_again(reference: str, found: str) -> None:
    assert INDEX.resolve(reference, near="posts/asking.md") == found


def test_a_large_site_is_indexed_in_a_second() -> None:
    posts = [
        a_post(f"posts/{n // 100}/{n}/index.md", title="Same") for n in range(10_000)
    ]
    assets = [f"posts/{n // 100}/{n}/{k}.png" for n in range(10_000) for k in "ab"]
    began = perf_counter()
    index = an_index(*posts, assets=tuple(assets))
    for n in range(0, 10_000, 10):
        near = f"posts/{n // 100}/{n}/index.md"
        assert index.asset_url("a.png", near=near) is not None
        assert index.post_url(f"../{n + 1}/", near=near) is not None
    assert perf_counter() - began < 3
