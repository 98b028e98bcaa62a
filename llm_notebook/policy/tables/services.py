"""Libraries that reach other machines, processes, secrets or this program's own parts."""

MODULES = """
requests httpx aiohttp urllib3 httplib2 pycurl treq grequests requests_html mechanize \
mechanicalsoup scrapy selenium pyppeteer websocket websockets socketio engineio grpc zmq \
paramiko fabric asyncssh netmiko scp pysftp boto3 botocore s3fs gcsfs adlfs fsspec smart_open \
google azure oauth2client googleapiclient gspread pydrive dropbox tweepy praw slack_sdk slack \
discord telegram twilio sendgrid mailchimp stripe openai anthropic cohere langchain llama_index \
litellm ollama groq mistralai replicate yfinance pandas_datareader quandl alpha_vantage ccxt \
wikipedia newspaper feedparser arxiv pytube yt_dlp youtube_dl gdown wget sqlalchemy \
psycopg2 psycopg asyncpg pymysql MySQLdb mysql pymongo motor redis elasticsearch cassandra neo4j \
pyodbc cx_Oracle oracledb snowflake databricks ibis pyspark findspark pika kafka confluent_kafka \
paho nats celery flask fastapi uvicorn gunicorn tornado django sanic bottle cherrypy starlette \
streamlit gradio dash jupyter_dash voila dns scapy nmap shodan ldap3 ldap impacket pywinrm winrm \
pexpect ptyprocess sh plumbum invoke ray dask_kubernetes kubernetes docker apache_beam prefect \
airflow luigi dagster graphviz pydot pygraphviz docplex ansible hvac \
tensorboard tensorflow_serving telethon instagrapi pyngrok ngrok miniupnpc torrentp libtorrent \
urlextract tldextract geopy opencage speedtest
  contacts *
requests
  pure exceptions codes Response models.Response
requests.exceptions
  pure *
google.colab
  unknown *
jinja2
  unknown *
yaml ruamel ruamel_yaml
  unknown *
  pure safe_load safe_dump dump YAMLError SafeLoader SafeDumper CSafeLoader safe_load_all
  pure SafeLoader
psutil GPUtil pynvml cpuinfo distro
  environment *
  starts Popen
  unknown Process
watchdog send2trash pyunpack patoolib rarfile py7zr aiofiles openpyxl xlsxwriter xlrd docx pptx \
fpdf reportlab pypdf PyPDF2 pdfplumber fitz camelot tabula weasyprint pdfkit img2pdf xlwt odf \
pyexcel mammoth docx2txt soundfile wave sndhdr audioop librosa pydub moviepy ffmpeg av pyaudio \
sounddevice pyscreenshot mss deeplake lmdb plyvel leveldb rocksdb tinydb peewee pony dataset \
sqlite_utils pysqlite3 apsw diskcache pickledb
  writes *
pyautogui pynput keyboard mouse pyperclip win32api win32con win32gui win32com win32service \
pywintypes wmi comtypes pythoncom winshell AppKit Foundation Quartz objc usb serial smbus RPi \
gpiozero bluetooth bleak pymem frida angr capstone keystone unicorn pwn pwnlib crontab \
python_crontab apscheduler daemon setproctitle prctl seccomp ptrace bpf bcc pyclamd \
cython pyximport cppyy numpy.distutils instant weave jpype py4j pyjnius rpy2 oct2py matlab \
julia javascript js2py execjs py_mini_racer dukpy lupa RestrictedPython asteval simpleeval \
pysnooper bytecode codetransformer forbiddenfruit gorilla mock ipdb pudb IPython \
nbformat nbconvert nbclient papermill nbimporter import_ipynb importnb ipynb virtualenv conda \
mamba micropip piplite pipx poetry uv hatch pyodide js pyodide_js emscripten
  unknown *
keyring secretstorage browser_cookie3 pycookiecheat msal oauthlib requests_oauthlib gnupg \
 dotenv decouple environs dynaconf configobj hydra confuse
  environment *
omegaconf
  environment *
llm_notebook jupyter_client jupyter_server jupyter_core jupyterlab jupyterlab_server notebook \
nbclassic notebook_shim ipykernel comm jupyter_events jupyter_collaboration \
jupyter_server_ydoc ypy_websocket pycrdt ipyparallel jupyterhub jupyter_ai jupyter_console \
terminado qtconsole ipylab jupyter_ui_poll nbdime jupyter_ydoc anywidget ipyevents
  authority *
IPython
  authority get_ipython core terminal InteractiveShell start_ipython embed start_kernel Application
  pure display
  pure version_info __version__ utils.capture
"""
