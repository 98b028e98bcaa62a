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


LETTERS = "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgHiJ"
HEX = "0123456789abcdef" * 10
AN_ID = "0a1b2c3d-1111-2222-3333-444455556666"


@pytest.mark.parametrize(
    "written",
    [
        "X = '{}'",
        "login(token='{}')",
        "os.environ['X'] = '{}'",
        "%env X={}",
        "!export X={} && ls",
        '{{"x": "{}"}}',
        "A=1\nX={}",
    ],
)
@pytest.mark.parametrize(
    "token",
    [
        *["hf_" + LETTERS[:34], "api_org_" + LETTERS[:34], "A3TX" + A[:16].upper()],
        *["ABSK" + A * 3, "gldt-" + A[:20], "GR1348941" + A[:20], "sk_prod_" + A[:24]],
        *[HEX[:32] + "-us14", "doo_v1_" + HEX[:64], "HRKU-AA" + A + A[:13], "pat-na1-" + AN_ID],
        *["PMAK-" + HEX[:24] + "-" + HEX[:34], "NRAK-" + A[:27].upper(), "Ab38Q~" + A[:34]],
        *["v1.0-" + HEX[:24] + "-" + HEX[:146], "sq0csp-" + A[:43], "glsa_" + A[:32] + "_0123abcd"],
        *["glc_" + A, "eyJrIjoi" + A + A, "hvb." + A * 3, "0a1b2c3d4e5f6g.atlasv1." + A + A[:20]],
        *["pul-" + HEX[:40], "sntryu_" + HEX[:64], "dp.pt." + A[:43], "pscale_pw_" + A[:43]],
        *["dt0c01." + A[:24].upper() + "." + (A + A)[:64].upper(), "rubygems_" + HEX[:48]],
        *["fo1_" + A[:43], "fm2_" + A * 3, "EAAC" + A * 3, "shippo_live_" + HEX[:40]],
        *["LTAI" + A[:20], "EZAK" + (A + A)[:54], "AKCp" + (A + A)[:69], "sl." + A * 3],
        *["rdme_" + (A + A)[:70].lower(), "pnu_" + A[:36], "p8e-" + A[:32].lower()],
        *["CLOJARS_" + (A + A)[:60].lower(), "ops_eyJ" + A * 3, "sha256~" + A[:43]],
        *["dckr_pat_" + A[:27], "sbp_" + HEX[:40], "pcsk_" + A[:6] + "_" + A, "figd_" + A[:40]],
        *["sk_" + HEX[:48], "CCIPAT_" + A[:22] + "_" + HEX[:40], "bkua_" + HEX[:40]],
        *["CFPAT-" + A[:43], "csk-" + (A + A)[:48].lower(), "duffel_live_" + A[:43]],
        *["MT" + A[:22] + "." + A[:6] + "." + A[:38], "1//0" + A + A, "secret_" + A[:43]],
        "https://discord.com/api/" + "webhooks/123456789012345678/" + A + A[:20],
    ],
)
def test_a_token_by_its_shape(token: str, written: str) -> None:
    clean, kinds = redact(written.format(token))

    assert token[-8:] not in clean
    assert kinds
    assert redact(clean) == (clean, ())


@pytest.mark.parametrize(
    "text",
    [
        "export PGPASSWORD=correcthorse",
        "%%bash\nexport PASSWORD=correcthorse; ls",
        "%%bash\ncd x\npassword=correcthorse\n",
        "%env DB_PASSWORD=correcthorse",
        "%env DB_PASSWORD=correcthorse battery staple",
        "%set_env DB_PASSWORD correcthorse",
        "%env OPENAI_API_KEY=correcthorse",
        "!PGPASSWORD=correcthorse psql -h db",
        "!export A=1 DB_PASSWORD=correcthorse && ls",
        "docker run \\\n  -e POSTGRES_PASSWORD=correcthorse \\\n  postgres",
        "DB_PASSWORD=correcthorse\nPORT=1",
        "%%writefile conf.yaml\ndb:\n  password: correcthorse battery # ours\n",
        "%%writefile .env\nDB_PASSWORD=correcthorse\n",
        "yaml.safe_load('''\ndb:\n  password: correcthorse2\n''')",
        "os.environ.setdefault('DB_PASSWORD', 'correcthorse')",
        "os.getenv('DB_PASSWORD', 'correcthorse')",
        "db_pass = 'correcthorse'; DB_PASS = 'correcthorse'",
        "password = 'correct\\'horse'",
        "password = '$%correcthorse'",
        "password_prod = 'correcthorse'",
        "password = 'Centercorrecthorse'",
        "password = 'CORRECTHORSE_2'",
        "{'password': 271828}",
        "get('https://x.example/?user=a&password=correcthorse')",
        "!cmd --password correcthorse",
        "!cmd --db-password 'correcthorse'",
        "run(['cmd', '--password', 'correcthorse'])",
        "!mysql -u root -pcorrecthorse db",
        "!sshpass -p correcthorse ssh a@b",
        "run(['sshpass', '-p', 'correcthorse'])",
        "!mongosh -u a -p correcthorse",
        "!docker login -u a -p correcthorse",
        "!redis-cli -h db -a correcthorse",
        "!sqlcmd -S db -P correcthorse",
        "!curl -s -u alice:correcthorse https://x.example",
        "get(url, auth=('alice', 'correcthorse'))",
        "%sql ALTER USER a WITH PASSWORD 'correcthorse'",
    ],
)
def test_a_password_whatever_it_looks_like(text: str) -> None:
    clean, kinds = redact(text)

    for part in ("correct", "horse", "battery", "staple", "271828"):
        assert part not in clean.casefold()
    assert kinds
    assert redact(clean) == (clean, ())


@pytest.mark.parametrize(
    "text",
    [
        "connect(\n    user=user,\n    password=pw1\n)",
        "dict(\n    PASSWORD=settings.PASSWORD\n)",
        "PASSWORD=get_password()",
        "PASSWORD=OTHER_NAME",
        "class A:\n    password: str\n    secret: SecretStr2\n    pwd: Optional[str] = None",
        "parser.add_argument('--password', 'the_word', help='use --password instead of x')",
        "names = ['password', 'username', 'email']",
        "args = ['--password', password, '--token', token_of(user)]",
        "pwd = '/srv/data'; pwd = os.getcwd()",
        "n_pass = 'first'; forward_pass = 'second'; password_length = 12345",
        "!mysql -u root -p db; docker run -p 8080:80 nginx",
        "%env DB_PASSWORD=$PW",
        "%%bash\nexport PASSWORD=$(cat x)\nPASSWORD=${1}\n",
        "hf_hub_download_and_load_the_model_weights()",
        "password = '{{ password }}'; password = '%(password)s'; password = '$PASSWORD'",
        "get('https://x.example/?password=your-password')",
        "password = 'enter your password'; api_key = 'changeme'",
        "run(auth=(user, password))",
    ],
)
def test_what_only_speaks_of_a_password_is_left_alone(text: str) -> None:
    assert redact(text) == (text, ())


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
            "-e PASSWORD=x " * 20_000,
            "PASSWORD=" * 30_000,
            "mysql " * 50_000,
            "curl -u " * 40_000,
            "auth=(" * 50_000,
            "--password '" * 25_000,
            "%env " * 60_000,
            "'password', " * 25_000,
        ],
    ],
)
def test_long_text_ends(text: str) -> None:
    redact(text)
