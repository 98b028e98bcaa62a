"""What is taken out before text leaves, and what is left alone."""

from __future__ import annotations

import pytest

from llm_notebook.context import redact

# Made up, and split so that a scanner of this repository does not stumble.
A = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xYzA1bC2dE3fG4h"
PEM = (
    "-----BEGIN RSA PRIVATE "
    + "KEY-----\nMIIEow"
    + A
    + "\n"
    + A
    + "\n-----END RSA PRIVATE KEY-----"
)
JWT = "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0." + A


@pytest.mark.parametrize(
    ("text", "secret", "kind"),
    [
        (f"client = OpenAI('sk-proj-{A}')", A, "API key"),
        (f"x = 'sk-ant-api03-{A}'", A, "API key"),
        (f"login(token='hf_{A[:34]}')", A[:34], "API key"),
        (f"!curl -H 'X: gsk_{A}'", A, "API key"),
        ("k = 'AKIA" + "IOSFODNN7ABCDEFG'", "IOSFODNN7ABCDEFG", "API key"),
        ("k = 'AIza" + A[:35] + "'", A[:35], "API key"),
        ("t = 'ghp_" + A[:36] + "'", A[:36], "access token"),
        ("t = 'xoxb-" + "123456789012-abcdef'", "123456789012-abcdef", "access token"),
        (f"t = '{JWT}'", JWT, "access token"),
        (f"headers = {{'Authorization': 'Bearer {A}'}}", A, "access token"),
        (PEM, "MIIEow", "private key"),
        (f"k = '''-----BEGIN PRIVATE KEY-----\n{A}\n{A}'''", A, "private key"),
        ("api_key = 'plain-words-key'", "plain-words-key", "API key"),
        ("api_key: str = \"k3y1\" 'x'", "k3y1", "API key"),
        ("os.environ['OPENAI_API_KEY'] = 'abcd-efgh'", "abcd-efgh", "API key"),
        ('cfg = {"client_secret": "qwertyuiop"}', "qwertyuiop", "API key"),
        (f"os.environ.setdefault('MY_TOKEN', '{A}')", A, "API key"),
        ("connect(user='bob', password='hunter2')", "hunter2", "password"),
        ("PASSWORD='hunter2'", "hunter2", "password"),
        ("db_password = (\n    'hunter2'\n)", "hunter2", "password"),
        ("e = 'postgresql://bob:hun:ter2@db.example:5432/x'", "hun:ter2", "password"),
        ("e = 'Server=db;Uid=bob;Pwd=hunter2;'", "hunter2", "password"),
        ("e = 'host=db password=hunter2 user=bob'", "hunter2", "password"),
        ("!mysql --password=hunter2", "hunter2", "password"),
        (f"%env API_KEY={A}", A, "API key"),
        (f"%%bash\nexport GITHUB_TOKEN={A}\nls", A, "API key"),
        (f"requests.get('https://x.example/?q=1&api_key={A}')", A, "access token"),
        ("pd.read_csv('/home/alice/data.csv')", "alice", "home path"),
        ("pd.read_csv(r'C:\\Users\\Alice B\\data.csv')", "C:\\Users\\Alice", "home path"),
        ("open('/Users/alice/x')", "alice", "home path"),
        ("open('C:\\\\Users\\\\Alice Smith\\\\x')", "Smith", "home path"),
        ("open(r'c:\\users\\alice\\x')", "alice", "home path"),
        ("open('/mnt/c/Users/alice/x'); open('/var/home/alice/x')", "alice", "home path"),
        (f"k = 'sk-' + '{A}'", A, "API key"),
        (f"k = ('sk-proj-{A[:9]}'\n     \"{A[9:]}\")", A[9:], "API key"),
        ("k = 'AKIA' \\\n  'IOSFODNN' \"7ABCDEFG\"", "IOSFODNN", "API key"),
        ("api_key = 'plain' + 'words'", "words", "API key"),
        ("connect(password='hun' 'ter2')", "ter2", "password"),
        (f"t = f'{JWT[:40]}' f'{JWT[40:]}'", JWT[40:], "access token"),
        ("u = 'postgresql://bob:' + 'hunter2' + '@db/x'", "hunter2", "password"),
        (f"k = '-----BEGIN PRIVATE ' + 'KEY-----{A}'\n'{A}'", A, "private key"),
    ],
)
def test_taken_out(text: str, secret: str, kind: str) -> None:
    clean, kinds = redact(text)

    assert secret not in clean
    assert f"‹{kind} removed›" in clean
    assert kind in kinds
    assert redact(clean) == (clean, ())


@pytest.mark.parametrize(
    "text",
    [
        "api_key = os.environ['OPENAI_API_KEY']",
        "print('the password' + ' is ' + name, 'token' 'izer')",
        'doc = """api key: see below""" + "x"',
        "names = ['password', 'secret', 'token']; d = {'a': 'password' + '_1'}",
        "x = 'home' + '/about/' + page; route('/api/home/')",
        "api_key = os.getenv('OPENAI_API_KEY', '')",
        "connect(password=password, user=user)",
        "connect(password=os.environ['PW'])",
        "password = getpass('Password: ')",
        "w = widgets.Password(description='Password:', placeholder='Type something')",
        "api_key = 'your-api-key-here'",
        "api_key = '<YOUR KEY>'",
        "api_key = ''",
        "connect(password='----')",
        "get('https://x.example/?api_key=your-api-key-1a2b3c4d5e6f')",
        "url = f'postgresql://{user}:{password}@{host}/db'",
        "df.sort_values(key=lambda s: s.str.lower())",
        "sorted(rows, key='name')",
        "max_tokens = 100; tokenizer = 'bert-base-uncased'",
        "pad_token = '[PAD]'; token = 'hello'",
        "CountVectorizer(token_pattern=r'(?u)\\b\\w\\w+\\b')",
        "{'key': 'value', 'author': 'Alice', 'primary_key': 'id'}",
        "css = '.sk-container-id-12 .sk-toggleable__content-fitted {color: red}'",
        "x = 'https://example.org:8080/a@b'",
        "if text.startswith('-----BEGIN PRIVATE KEY-----'):\n    pass",
        "h = 'd41d8cd98f00b204e9800998ecf8427e'",
        "pd.read_csv('~/data.csv'); open('/home/jovyan/x')",
        "commit = '32088bbc3adc611b7118e57fce6d4ed096a76a29'",
        "API_KEY = load_key()\nTOKEN=make_token(1)",
        "# the password is required\nraise ValueError('password: required')",
    ],
)
def test_left_alone(text: str) -> None:
    assert redact(text) == (text, ())


def test_the_persons_own_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/mnt/people/alice")
    monkeypatch.setenv("USERPROFILE", "/mnt/people/alice")

    assert redact("x = '/mnt/people/alice/d.csv'")[0] == "x = '‹home path removed›/d.csv'"
    assert redact("x = '/mnt/people/alicette/d.csv'")[1] == ()


@pytest.mark.parametrize(
    "line",
    [
        "password: hunter2",
        "db.password = hunter2",
        "  api_key: hunter2-x",
        "- token: hunter2",
        "AWS_SECRET_ACCESS_KEY=hunter2abc",
    ],
)
def test_settings_without_quotes(line: str) -> None:
    clean, kinds = redact(f"[a]\n{line}\nname: x\n", config=True)

    assert "hunter2" not in clean
    assert kinds in (("password",), ("API key",))
    assert clean.startswith("[a]\n")
    assert clean.endswith("\nname: x\n")
    assert redact(clean, config=True) == (clean, ())


@pytest.mark.parametrize("line", ["password: ${PW}", "token: null", "key: x", "tokens: 100"])
def test_settings_that_hold_no_secret(line: str) -> None:
    assert redact(line, config=True) == (line, ())


def test_only_the_secret_goes() -> None:
    clean, kinds = redact("e = create_engine('postgresql://bob:hunter2@db/x', echo=True)")

    assert clean == "e = create_engine('postgresql://bob:‹password removed›@db/x', echo=True)"
    assert kinds == ("password",)


@pytest.mark.parametrize(
    "text",
    [
        *["sk-" * 100_000, "a" * 300_000, "password=" * 30_000, "://" * 100_000],
        *[
            "-----BEGIN " * 30_000,
            "'key':" * 50_000,
            "A_KEY=" * 50_000,
            "eyJa" * 75_000,
            '"' * 300_000,
            "x.y-" * 75_000,
        ],
    ],
)
def test_long_text_ends(text: str) -> None:
    redact(text)
