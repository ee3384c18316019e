package gov.lbl.srm.StorageResourceManager;

import java.io.File;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;

import org.apache.axis.types.URI;
import org.apache.axis.types.UnsignedLong;

/** Lists directories below the one that the property `root` names, as BeStMan's gateway does. */
public final class SrmSoapBindingImpl implements ISRM {
  private static final TReturnStatus GOOD = new TReturnStatus(TStatusCode.SRM_SUCCESS, null);

  @Override
  public SrmLsResponse srmLs(SrmLsRequest request) {
    List<TMetaDataPathDetail> details = new ArrayList<>();
    TStatusCode status = TStatusCode.SRM_SUCCESS;
    for (URI surl : request.getArrayOfSURLs().getUrlArray()) {
      TMetaDataPathDetail detail = describe(surl, levelsOf(request));
      if (detail.getStatus().getStatusCode() != TStatusCode.SRM_SUCCESS) status = TStatusCode.SRM_FAILURE;
      details.add(detail);
    }
    return new SrmLsResponse(new TReturnStatus(status, null), null, toArray(details));
  }

  private static int levelsOf(SrmLsRequest request) {
    return request.getNumOfLevels() == null ? 1 : request.getNumOfLevels();
  }

  private static TMetaDataPathDetail describe(URI surl, int levels) {
    String path = surl.getQueryString().substring("SFN=".length());
    path = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    return describe(new File(System.getProperty("root"), path), path, levels);
  }

  private static TMetaDataPathDetail describe(File file, String path, int levels) {
    TMetaDataPathDetail detail = new TMetaDataPathDetail();
    detail.setPath(path);
    if (!file.exists()) {
      detail.setStatus(new TReturnStatus(TStatusCode.SRM_INVALID_PATH, "No such file or directory."));
      return detail;
    }
    detail.setStatus(GOOD);
    detail.setType(file.isDirectory() ? TFileType.DIRECTORY : TFileType.FILE);
    Calendar modified = Calendar.getInstance();
    modified.setTimeInMillis(file.lastModified());
    detail.setLastModificationTime(modified);
    if (file.isFile()) detail.setSize(new UnsignedLong(file.length()));
    if (file.isDirectory() && levels > 0) detail.setArrayOfSubPaths(toArray(listEntries(file, path, levels - 1)));
    return detail;
  }

  private static List<TMetaDataPathDetail> listEntries(File directory, String path, int levels) {
    List<TMetaDataPathDetail> entries = new ArrayList<>();
    for (String name : directory.list()) entries.add(describe(new File(directory, name), path + "/" + name, levels));
    return entries;
  }

  private static ArrayOfTMetaDataPathDetail toArray(List<TMetaDataPathDetail> details) {
    return new ArrayOfTMetaDataPathDetail(details.toArray(new TMetaDataPathDetail[0]));
  }
}
