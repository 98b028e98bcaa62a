"""Methods and keywords that say what they do, whatever they are called on."""

METHODS = """
reads read_text read_bytes iterdir glob rglob loadtxt genfromtxt fromfile loadmat imread readlines \
list_files is_file is_dir lstat
reads readline from_path from_file load_weights ReadImage
called:reads read
unknown loads find_class get_field load_model load_state load_ipython_extension restore_from \
set_trace run_path run_module load_library LoadLibrary load_module exec_module
unknown load getmembers import_item exec_ runstring resolve_types glom make_class \
get_class_from_dynamic_module register_dataframe_accessor register_series_accessor \
register_index_accessor \
register_dataset_accessor register_dataarray_accessor register_dataframe_namespace \
register_lazyframe_namespace register_series_namespace register_expr_namespace
writes tofile savefig save_weights savez savetxt savemat writelines write_text write_bytes mkdir \
makedirs symlink_to hardlink_to chmod chown extractall saveas saveAsTextFile imwrite imsave \
to_file to_netcdf to_zarr to_disk to_excel to_pickle to_sql to_hdf to_feather to_stata \
save_to_disk \
save_pretrained save_model save_npz executemany executescript insert_one insert_many update_one \
update_many saveAsTable copyfile copytree to_tsfile render_to_file savetext writestr write_table \
writerows_to send_file insert_overwrite createOrReplaceTempView cache_to_disk
writes save write dump WriteImage to_folder to_postgis writerow writerows writeheader writestr \
create_all print_figure print_png print_jpg print_jpeg print_pdf print_svg print_svgz print_ps \
print_eps print_tif print_tiff print_webp print_pgf print_raw
truncate truncate
called:writes commit touch export visualize
called:open open
path:writes serialize dump_model render cache to_csv to_json to_html to_latex to_string \
to_markdown to_xml to_parquet to_orc \
write_csv write_json write_ndjson write_parquet write_ipc write_avro write_excel write_ndjson
environment to_clipboard environ getenv putenv chdir getcwd cpu_percent virtual_memory
deletes unlink rmtree rmdir removedirs drop_table drop_database drop_collection delete_many \
delete_one delete_object delete_file drop_all
called:deletes delete
starts show_graph open_editor system popen Popen check_output check_call getoutput \
getstatusoutput spawn fork execv \
execve execvp terminate exec_command apply_async run_in_executor call_later call_at call_soon \
call_soon_threadsafe create_task create_subprocess_exec create_subprocess_shell startfile \
to_html5_video serve_forever run_server start_server
called:starts submit kill
contacts urlopen urlretrieve send_message sendmail sendall sendto recv recvfrom retrbinary \
storbinary push_to_hub from_pretrained to_gbq list_blobs put_object get_object upload_file \
download_file fetch_openml fetch_data getresponse create_connection load_dataset load_data
called:contacts post request send connect deploy download upload
authority run_cell run_cell_async run_line_magic run_cell_magic magic user_ns user_global_ns \
register_magic_function register_magics input_transformers_cleanup input_transformers_post \
ast_transformers enable_extension extension_manager comm_manager display_pub parent_header \
get_ipython magics_manager register_target iopub_socket shell_streams
displays initjs force_plot show_in_notebook to_jshtml _repr_html_ _repr_javascript_ _repr_svg_ \
_repr_mimebundle_ _ipython_display_ \
_repr_markdown_ \
display_html display_javascript display_svg publish_display_data
query query eval
formula from_formula
symbolic subs xreplace simplify nsimplify solve solveset dsolve nsolve linsolve integrate evalf \
diff limit series coeff collect together apart rewrite equals
show show
apply apply agg aggregate transform pipe applymap
sql execute sql exec_driver_sql
styled style
"""
"""``called:`` counts only where it is called, as the word is also one for data."""

PREFIXES = """
reads read_ scan_
writes write_ save_ sink_ export_ to_image
contacts download_ upload_ send_ fetch_ urlretrieve
"""

PURE = "read_only write_only export_text plot_tree"
"""Names that a prefix would take for more than they are."""

PATH_METHODS = """
reads exists stat samefile walk is_mount owner resolve readlink
writes rename replace copy move copy_into move_into open
environment cwd home expanduser absolute
"""
"""Counted on a value of unknown type where the code also makes paths."""

KEYWORDS = {
    "memory": "writes",
    "file": "writes",
    "log_dir": "writes",
    "outpath": "writes",
    "outfile": "writes",
    "out_file": "writes",
    "output_path": "writes",
    "output_dir": "writes",
    "save_to_dir": "writes",
    "save_path": "writes",
    "savefig": "writes",
    "trials_save_file": "writes",
    "rptfile": "writes",
    "errfile": "writes",
    "stylesheet": "reads",
    "fromfile_prefix_chars": "reads",
    "x12path": "starts",
    "backend": "backend",
    "rc": "rc",
    "input": "input",
    "formula": "formula",
    "vc_formula": "formula",
    "re_formula": "formula",
    "output_stream": "writes",
    "download": "contacts",
    "usetex": "starts",
    "renderer": "starts",
    "description_allow_html": "displays",
}
"""Keywords that make a call act, whatever is called."""

PATH_WORDS = frozenset(
    "path path_or_buf path_or_buffer buf fname filename file filepath filepath_or_buffer url uri "
    "excel_writer file_path out_file io dst src target con name where fp root_dir directory "
    "log_dir output_dir".split()
)
"""Keywords under which a call takes where it reads or writes."""
